#include "chapters/runner/checker.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "chapters/runner/config.h"
#include "chapters/runner/diagnosis.h"
#include "chapters/runner/places.h"
#include "chapters/runner/process.h"
#include "chapters/runner/workspace.h"
#include "io/json.h"
#include "tensor/error.h"

namespace vitrine::runner {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

/// Seconds that a case may take.
double patience(const CheckOptions& options) {
    return options.seconds_a_case * (options.sanitize ? 4 : 1);
}

/// Seconds of computing that all cases together may take, on all processors. The clock ends a case
/// sooner; this ends a child whose parent is gone.
std::size_t processor_seconds(const Chapter& chapter, const CheckOptions& options) {
    const auto cases = std::max<std::size_t>(1, chapter.case_names.size());
    const auto processors = std::max(1U, std::thread::hardware_concurrency());
    return 1 + static_cast<std::size_t>(std::ceil(patience(options))) * cases * processors;
}

Values values_of(const json& event, const char* key) {
    Values values;
    if (!event.contains(key)) return values;
    values.shape = event[key]["shape"].get<std::vector<Index>>();
    for (const json& value : event[key]["values"]) {
        values.values.push_back(value.is_number() ? value.get<double>()
                                : value == "inf"  ? INFINITY
                                : value == "-inf" ? -INFINITY
                                                  : NAN);  // what JSON has no numbers for
    }
    return values;
}

/// What the child wrote, event by event. A last line that is cut off is left out.
std::vector<json> read_events(const std::filesystem::path& file) {
    std::vector<json> events;
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) {
        json event = json::parse(line, nullptr, false);
        if (event.is_object() && event.contains("event")) events.push_back(std::move(event));
    }
    return events;
}

Bilingual case_name(const Chapter& chapter, const std::string& id) {
    const auto found = chapter.case_names.find(id);
    return found == chapter.case_names.end() ? Bilingual{id, id} : found->second;
}

/// A text that the child wrote in both languages.
Bilingual text_of(const json& event, const char* key) {
    const json text = event.value(key, json::object());
    return {text.value("en", ""), text.value("ko", "")};
}

/// The known mistakes, at most one an exercise.
std::vector<std::string> diagnose(const Chapter& chapter, const std::vector<json>& events) {
    std::vector<std::string> found;
    for (const std::string& exercise : chapter.exercises) {
        std::vector<std::string> variants;
        for (const auto& [name, mistake] : chapter.mistakes) {
            if (mistake.exercise == exercise) variants.push_back(name);
        }
        std::vector<CaseFit> fits;
        for (const json& event : events) {
            if (event["event"] != "end" || event["exercise"] != exercise) continue;
            fits.push_back(
                {event["passed"].get<bool>(), event.value("matches", std::vector<std::string>())});
        }
        std::string name = only_mistake(variants, fits);
        if (!name.empty()) found.push_back(std::move(name));
    }
    return found;
}

void read_cases(const Chapter& chapter, const std::vector<json>& events, CheckResult& result) {
    for (const json& event : events) {
        if (event["event"] == "start") {
            CaseResult fresh;
            fresh.id = event["case"].get<std::string>();
            fresh.exercise = event["exercise"].get<std::string>();
            fresh.name = case_name(chapter, fresh.id);
            result.cases.push_back(std::move(fresh));
        } else if (event["event"] == "end" && !result.cases.empty()) {
            CaseResult& last = result.cases.back();
            last.ran = true;
            last.passed = event["passed"].get<bool>();
            last.message = text_of(event, "message");
            last.expected = values_of(event, "expected");
            last.got = values_of(event, "got");
        }
    }
}

/// The sanitizer's sentence and the line of the learner's file that it names.
std::string sanitizer_report(const std::string& output, const std::string& file) {
    const std::size_t start = output.find("ERROR: AddressSanitizer");
    if (start == std::string::npos) return {};
    std::string report = output.substr(start, output.find('\n', start) - start);
    const std::size_t place = output.find(file + ":", start);
    if (place != std::string::npos)
        report += "\n  at " + output.substr(place, output.find('\n', place) - place);
    return report;
}

Bilingual signal_text(int signal) {
    const char* name = sigabbrev_np(signal);
    const std::string text = std::string("SIG") +
                             (name == nullptr ? std::to_string(signal) : name) + " (" +
                             strsignal(signal) + ")";
    if (signal != SIGSEGV && signal != SIGBUS) return {text, text};
    return {text +
                ": a place outside of a tensor, or a recursion without end. "
                "`vitrine check --sanitize` looks for the line.",
            text +
                ": 텐서 밖의 자리를 건드렸거나 재귀가 끝나지 않았어요. "
                "`vitrine check --sanitize`로 그 줄을 찾을 수 있어요."};
}

/// What the compiler says. The type of a sum of tensors fills a screen: then also what to do.
Bilingual compile_problem(const std::string& problem) {
    if (problem.find("xfunction") == std::string::npos) return {problem, problem};
    const std::string line = problem.ends_with('\n') ? "" : "\n";
    return {problem + line +
                "What a + b makes of tensors is only a plan. Give it a name first: "
                "const Tensor2 sum = a + b;",
            problem + line +
                "텐서의 a + b는 아직 계획일 뿐이에요. 먼저 이름을 붙이세요: "
                "const Tensor2 sum = a + b;"};
}

Bilingual ended_early(const Finished& finished) {
    const std::string status = std::to_string(finished.exit_status);
    const std::string output = finished.output.empty() ? "" : "\n" + finished.output.substr(0, 500);
    return {"the program ended before the last case, with exit status " + status + output,
            "마지막 경우까지 가지 않고 프로그램이 끝났어요. 종료 상태: " + status + output};
}

Verdict verdict_of(const std::vector<json>& events, const Finished& finished, bool too_long,
                   const CheckOptions& options, CheckResult& result) {
    const bool out_of_memory = std::any_of(events.begin(), events.end(),
                                           [](const json& e) { return e["event"] == "memory"; });
    if (too_long || finished.signal == SIGXCPU) {
        const std::string limit = std::to_string(std::lround(patience(options)));
        result.detail = {"a case ran longer than its limit of " + limit + " s",
                         "제한 시간 " + limit + "초가 지나도 끝나지 않은 경우가 있어요"};
        return Verdict::timed_out;
    }
    if (out_of_memory) {
        const std::string limit = std::to_string(options.memory >> 20U);
        result.detail = {"more memory was asked for than the limit of " + limit + " MiB allows",
                         "제한인 " + limit + " MiB보다 많은 메모리를 달라고 했어요"};
        return Verdict::out_of_memory;
    }
    if (finished.signal != 0) {
        result.detail = signal_text(finished.signal);
        return Verdict::crashed;
    }
    const bool done = !events.empty() && events.back()["event"] == "done";
    if (!done) {
        result.detail = ended_early(finished);
        return Verdict::no_result;
    }
    const bool all = std::all_of(result.cases.begin(), result.cases.end(),
                                 [](const CaseResult& c) { return c.passed; });
    return all && !result.cases.empty() ? Verdict::passed : Verdict::failed;
}

/// Which exercise a saved case is of: its file says so, or the chapter has but one.
std::string saved_exercise(const Chapter& chapter, const std::filesystem::path& file) {
    const TensorFile saved = TensorFile::open(file);
    const auto found = saved.metadata().find("exercise");
    if (found == saved.metadata().end()) return chapter.exercises.front();
    const auto& known = chapter.exercises;
    if (std::find(known.begin(), known.end(), found->second) == known.end()) {
        throw FileError(file.string(), "a case of an exercise of " + chapter.id, found->second);
    }
    return found->second;
}

/// Runs the child, and ends it when no event has come for too long.
void run_cases(const Chapter& chapter, const std::filesystem::path& object,
               const std::filesystem::path& file, const CheckOptions& options,
               const std::stop_token& stop, CheckResult& result) {
    const auto events_file =
        object.parent_path() / (chapter.id + "." + std::to_string(getpid()) + ".events");
    std::filesystem::remove(events_file);
    std::vector<std::string> command{places().program.string(),
                                     "__host",
                                     "check",
                                     chapter.id,
                                     object.string(),
                                     events_file.string(),
                                     std::to_string(options.sanitize ? 0 : options.memory),
                                     std::to_string(processor_seconds(chapter, options))};
    if (!options.saved_case.empty()) {
        command.push_back(std::filesystem::absolute(options.saved_case).string());
        command.push_back(saved_exercise(chapter, options.saved_case));
    }
    std::vector<std::string> environment;
    if (options.sanitize) {
        const Finished where =
            run_process({VITRINE_CXX, "-print-file-name=libasan.so"}, {}, [] { return true; });
        environment.push_back("LD_PRELOAD=" + where.output.substr(0, where.output.find('\n')));
        environment.push_back("ASAN_OPTIONS=detect_leaks=0:abort_on_error=1");
    } else {  // if Vitrine itself was built with the sanitizer: a crash stays a signal
        environment.push_back("ASAN_OPTIONS=detect_leaks=0:handle_segv=0:handle_sigbus=0");
    }
    std::uintmax_t size = 0;
    auto last_event = Clock::now();
    bool too_long = false;
    const Finished finished = run_process(command, environment, [&] {
        std::error_code error;
        const auto now = std::filesystem::file_size(events_file, error);
        if (!error && now != size) {
            size = now;
            last_event = Clock::now();
        }
        too_long =
            std::chrono::duration<double>(Clock::now() - last_event).count() > patience(options);
        return !too_long && !stop.stop_requested();
    });
    const std::vector<json> events = read_events(events_file);
    std::filesystem::remove(events_file);
    read_cases(chapter, events, result);
    if (stop.stop_requested()) {
        result.verdict = Verdict::stopped;
        return;
    }
    result.verdict = verdict_of(events, finished, too_long, options, result);
    const std::string report =
        options.sanitize ? sanitizer_report(finished.output, file.filename().string()) : "";
    if (!report.empty()) {
        result.verdict = Verdict::crashed;
        result.detail = {report, report};
    }
    result.mistakes = diagnose(chapter, events);
}

}  // namespace

CheckResult check(const Chapter& chapter, const std::filesystem::path& file,
                  const CheckOptions& options, const std::stop_token& stop) {
    const auto start = Clock::now();
    if (!std::filesystem::exists(file)) {
        throw FileError(file.string(), "the file of the exercise", "none",
                        "`vitrine start " + chapter.id + "` makes it");
    }
    if (!options.saved_case.empty())
        saved_exercise(chapter, options.saved_case);  // its errors are ours
    CheckResult result;
    std::string problem;
    const auto object = compile_exercise(chapter, file, options.sanitize, problem, stop);
    if (stop.stop_requested()) {
        result.verdict = Verdict::stopped;
    } else if (!problem.empty()) {
        result.verdict = Verdict::compile_error;
        result.detail = compile_problem(problem);
    } else {
        run_cases(chapter, object, file, options, stop, result);
    }
    result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return result;
}

}  // namespace vitrine::runner
