// vitrine list, start, check, hint, reset: the exercises of the book.
#include <chrono>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "chapters/runner/checker.h"
#include "chapters/runner/file_watch.h"
#include "chapters/runner/workspace.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "io/json.h"
#include "tensor/error.h"

namespace vitrine::cli {

namespace {

using namespace vitrine::runner;
using nlohmann::json;

struct Options {
    std::string chapter, language, saved_case;
    bool as_json = false, watch = false, sanitize = false, solution = false;

    bool korean() const {
        if (!language.empty()) return language == "ko";
        for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
            const char* value = std::getenv(name);
            if (value != nullptr && *value != '\0') return std::string(value).rfind("ko", 0) == 0;
        }
        return false;
    }
    const char* say(const char* english, const char* of_korean) const {
        return korean() ? of_korean : english;
    }
};

const char* state_name(ExerciseState state) {
    return state == ExerciseState::passed    ? "passed"
           : state == ExerciseState::started ? "started"
                                             : "not started";
}

/// The chapter that was named, or the only one that has been started and not passed.
Chapter chosen(const Options& options) {
    if (!options.chapter.empty()) return find_chapter(options.chapter);
    std::vector<Chapter> open;
    for (Chapter& chapter : load_chapters()) {
        if (std::filesystem::exists(exercise_file(chapter))) open.push_back(std::move(chapter));
    }
    if (open.size() == 1) return std::move(open.front());
    throw ArgumentError("chapter", "the name of a chapter",
                        open.empty() ? "none started yet" : "several started",
                        "`vitrine list` shows them");
}

json to_json(const Bilingual& text) {
    return {{"en", text.english}, {"ko", text.korean}};
}

json to_json(const Values& values) {
    return {{"shape", values.shape}, {"values", values.values}};
}

void list(const Options& options) {
    const auto progress = read_progress();
    json all = json::array();
    for (const Chapter& chapter : load_chapters()) {
        const auto found = progress.find(chapter.id);
        const Progress state = found == progress.end() ? Progress{} : found->second;
        if (options.as_json) {
            all.push_back({{"id", chapter.id},
                           {"number", chapter.number},
                           {"title", to_json(chapter.title)},
                           {"exercises", chapter.exercises},
                           {"state", state_name(state.state)},
                           {"hints_shown", state.hints},
                           {"file", exercise_file(chapter).string()}});
            continue;
        }
        const char* shown = state.state == ExerciseState::passed ? options.say("passed", "통과")
                            : state.state == ExerciseState::started
                                ? options.say("started", "하는 중")
                                : options.say("not started", "시작 전");
        std::cout << styled(padded(chapter.id, 26), Style::accent)
                  << padded(chapter.title.in(options.korean()), 24) << shown << '\n';
    }
    if (options.as_json) print_json(all);
}

constexpr std::size_t shown_values = 8;

/// Where to begin so that the largest difference is shown: at its row, or in a long row at itself.
std::size_t row_to_show(const Values& expected, const Values& got) {
    if (expected.shape.empty()) return 0;
    std::size_t worst = 0;
    double largest = -1.0;
    for (std::size_t i = 0; i < got.values.size(); ++i) {
        if (got.values[i] == expected.values[i]) continue;  // both may be minus infinity
        const double apart = std::abs(got.values[i] - expected.values[i]);
        if (std::isnan(apart) || apart > largest) {
            worst = i;
            largest = apart;
        }
        if (std::isnan(apart)) break;
    }
    const auto width = static_cast<std::size_t>(std::max<Index>(1, expected.shape.back()));
    const std::size_t row = worst / width * width;
    return worst - row < shown_values ? row : worst;
}

void print_values(const std::string& label, const Values& values, std::size_t from) {
    std::cout << "      " << padded(label, 12);
    const std::size_t end = std::min<std::size_t>(values.values.size(), from + shown_values);
    for (std::size_t i = from; i < end; ++i) {
        char number[32];
        const bool wide = std::isfinite(values.values[i]) && std::abs(values.values[i]) >= 10000;
        std::snprintf(number, sizeof number, wide ? " %8.1e" : " %8.4f", values.values[i]);
        std::cout << number;
    }
    std::cout << (values.values.size() > end ? " …\n" : "\n");
}

Values difference(const Values& a, const Values& b) {
    Values result = a;
    for (std::size_t i = 0; i < result.values.size(); ++i) {
        result.values[i] = a.values[i] == b.values[i] ? 0 : a.values[i] - b.values[i];
    }
    return result;
}

/// The row of a failing case that is furthest off.
void print_failure(const Options& options, const CaseResult& failed) {
    const std::size_t from = row_to_show(failed.expected, failed.got);
    std::cout << "    " << failed.name.in(options.korean());
    if (from > 0) std::cout << options.say(", from element ", ", 원소 번호 ") << from;
    std::cout << '\n';
    print_values(options.say("expected", "기대한 값"), failed.expected, from);
    print_values(options.say("got", "나온 값"), failed.got, from);
    print_values(options.say("difference", "차이"), difference(failed.got, failed.expected), from);
}

void print_verdict(const Options& options, const Chapter& chapter, const CheckResult& result) {
    switch (result.verdict) {
        case Verdict::passed:
            std::cout << styled(options.say("passed", "통과했어요"), Style::good);
            break;
        case Verdict::failed:
            std::cout << styled(options.say("not yet", "아직이에요"), Style::bad);
            break;
        case Verdict::compile_error:
            std::cout << styled(options.say("it does not compile", "컴파일되지 않아요"),
                                Style::bad);
            break;
        case Verdict::crashed:
            std::cout << styled(options.say("it crashed", "실행 중에 죽었어요"), Style::bad);
            break;
        case Verdict::timed_out:
            std::cout << styled(options.say("it does not end", "끝나지 않아요"), Style::bad);
            break;
        case Verdict::out_of_memory:
            std::cout << styled(options.say("it takes too much memory", "메모리를 너무 많이 써요"),
                                Style::bad);
            break;
        case Verdict::no_result:
            std::cout << styled(
                options.say("it ended without a result", "결과를 내지 않고 끝났어요"), Style::bad);
            break;
        case Verdict::stopped: std::cout << options.say("stopped", "멈췄어요"); break;
    }
    std::cout << '\n';
    if (!result.detail.english.empty()) std::cout << result.detail.in(options.korean()) << '\n';
    for (const std::string& name : result.mistakes) {
        const Mistake& mistake = chapter.mistakes.at(name);
        if (chapter.exercises.size() > 1) std::cout << mistake.exercise << ": ";
        std::cout << styled(mistake.sentence.in(options.korean()), Style::bold) << '\n';
    }
}

void print_result(const Options& options, const Chapter& chapter, const CheckResult& result) {
    std::string exercise;
    for (const CaseResult& each : result.cases) {
        if (chapter.exercises.size() > 1 && each.exercise != exercise) {
            exercise = each.exercise;
            std::cout << styled(exercise, Style::bold) << '\n';
        }
        const char* mark = each.passed ? "ok  " : each.ran ? "FAIL" : "??? ";
        std::cout << "  " << styled(mark, each.passed ? Style::good : Style::bad) << "  "
                  << each.name.in(options.korean()) << '\n';
        if (!each.message.english.empty())
            std::cout << "      " << each.message.in(options.korean()) << '\n';
    }
    // Another shape has been said in words; its values have nothing to stand beside.
    const auto first = std::find_if(result.cases.begin(), result.cases.end(),
                                    [](const CaseResult& c) { return c.has_difference(); });
    if (first != result.cases.end()) print_failure(options, *first);
    print_verdict(options, chapter, result);
    if (result.verdict == Verdict::passed) {
        std::cout << options.say("One way to write it: vitrine check ",
                                 "다르게 쓰는 방법 보기: vitrine check ")
                  << chapter.id << " --solution\n";
    }
}

json to_json(const Chapter& chapter, const CheckResult& result) {
    static const char* const names[] = {"passed",    "failed",        "compile_error", "crashed",
                                        "timed_out", "out_of_memory", "no_result",     "stopped"};
    json cases = json::array();
    for (const CaseResult& each : result.cases) {
        json entry{{"id", each.id},
                   {"exercise", each.exercise},
                   {"name", to_json(each.name)},
                   {"passed", each.passed},
                   {"message", to_json(each.message)}};
        if (!each.got.values.empty()) {
            entry["expected"] = to_json(each.expected);
            entry["got"] = to_json(each.got);
        }
        cases.push_back(std::move(entry));
    }
    json mistakes = json::array();
    for (const std::string& name : result.mistakes) {
        const Mistake& mistake = chapter.mistakes.at(name);
        mistakes.push_back({{"name", name},
                            {"exercise", mistake.exercise},
                            {"sentence", to_json(mistake.sentence)}});
    }
    return {{"chapter", chapter.id}, {"verdict", names[static_cast<int>(result.verdict)]},
            {"cases", cases},        {"detail", to_json(result.detail)},
            {"mistakes", mistakes},  {"seconds", result.seconds}};
}

bool check_once(const Options& options, const Chapter& chapter) {
    CheckOptions how;
    how.sanitize = options.sanitize;
    how.saved_case = options.saved_case;
    const CheckResult result = runner::check(chapter, exercise_file(chapter), how);
    if (options.as_json) {
        print_json(to_json(chapter, result));
    } else {
        print_result(options, chapter, result);
    }
    const bool passed = result.verdict == Verdict::passed;
    if (passed && options.saved_case.empty()) {
        Progress progress = progress_of(chapter);
        progress.state = ExerciseState::passed;
        write_progress(chapter, progress);
    }
    return passed;
}

void watch(const Options& options, const Chapter& chapter) {
    FileWatch file(exercise_file(chapter));
    while (true) {
        check_once(options, chapter);
        std::cout << styled(options.say("Watching; Ctrl-C ends it.",
                                        "저장을 기다리고 있어요. Ctrl-C로 끝내요."),
                            Style::dim)
                  << std::endl;
        while (!file.wait(std::chrono::hours(1))) {
        }
    }
}

void check(const Options& options) {
    const Chapter chapter = chosen(options);
    if (options.solution) {
        if (progress_of(chapter).state != ExerciseState::passed) {
            throw ArgumentError("--solution", "an exercise that is passed", "one that is not yet",
                                "`vitrine hint " + chapter.id + "` helps");
        }
        std::cout << read_file(chapter.folder / "solution.cpp", 1U << 20U);
        return;
    }
    if (options.watch) return watch(options, chapter);
    if (!check_once(options, chapter)) throw ExitStatus(1);
}

void hint(const Options& options) {
    const Chapter chapter = chosen(options);
    Progress progress = progress_of(chapter);
    const int count = static_cast<int>(chapter.hints.size());
    const int next = std::min(progress.hints + 1, count);
    for (int i = 0; i < next; ++i) {
        std::cout << styled(std::to_string(i + 1) + "/" + std::to_string(count) + "  ", Style::dim)
                  << chapter.hints[static_cast<std::size_t>(i)].in(options.korean()) << '\n';
    }
    progress.hints = next;
    write_progress(chapter, progress);
}

}  // namespace

void add_exercises(Command app) {
    const auto command = [&](const char* name, const char* text, bool needs_chapter,
                             void (*run)(const Options&)) {
        const Command added = app.add_subcommand(name, text);
        auto options = std::make_shared<Options>();
        if (std::string(name) != "list") {
            const Argument chapter =
                added.add_option("chapter", options->chapter, "4, 04 or 04_attention");
            if (needs_chapter) chapter.required();
        }
        added.add_option("--lang", options->language, "en or ko (default: the environment's)")
            .one_of({"en", "ko"});
        added.callback([=] { run(*options); });
        return std::pair(added, options);
    };
    auto [list_command, list_options] =
        command("list", "The chapters and how far you are", false, list);
    list_command.add_flag("--json", list_options->as_json, "print JSON");
    list_command.example("vitrine list");
    auto [start_command, start_options] =
        command("start", "Put the exercise of a chapter into your workspace", true,
                [](const Options& options) {
                    const Chapter chapter = find_chapter(options.chapter);
                    std::cout << runner::start(chapter).string() << '\n'
                              << options.say("Open it, fill it in, then: vitrine check ",
                                             "파일을 열어 채운 다음 실행하세요: vitrine check ")
                              << chapter.id << '\n';
                });
    start_command.example("vitrine start 04_attention");
    auto [check_command, check_options] =
        command("check", "Check your file, case by case", false, check);
    check_command.add_flag("--watch", check_options->watch,
                           "check again whenever the file is saved");
    check_command.add_flag("--sanitize", check_options->sanitize,
                           "look for out-of-bounds accesses");
    check_command.add_option("--case", check_options->saved_case,
                             "run the tensors of this file instead");
    check_command.add_flag("--solution", check_options->solution,
                           "show the solution, once yours has passed");
    check_command.add_flag("--json", check_options->as_json, "print JSON");
    check_command.example("vitrine check 04_attention --watch");
    auto [hint_command, hint_options] = command("hint", "The next hint", false, hint);
    hint_command.example("vitrine hint 04_attention");
    auto [reset_command, reset_options] =
        command("reset", "Begin an exercise anew; what you wrote is kept as a backup", true,
                [](const Options& options) {
                    std::cout << options.say("kept as ", "지금까지 쓴 것은 여기에 남겨 두었어요: ")
                              << runner::reset(find_chapter(options.chapter)).string() << '\n';
                });
    reset_command.example("vitrine reset 04_attention");

    app.add_hidden_subcommand("__host", [](const std::vector<std::string>& arguments) {
        const int status = run_host(arguments);  // this is the child that runs a learner's code
        if (status != 0) throw ExitStatus(status);
    });
}

}  // namespace vitrine::cli
