#include "chapters/runner/checker.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <fstream>
#include <set>

#include "chapters/runner/config.h"
#include "chapters/runner/process.h"
#include "chapters/runner/workspace.h"
#include "io/json.h"
#include "tensor/error.h"

namespace vitrine::runner {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

Values values_of(const json& event, const char* key) {
    Values values;
    if (!event.contains(key)) return values;
    values.shape = event[key]["shape"].get<std::vector<Index>>();
    for (const json& value : event[key]["values"]) {
        values.values.push_back(value.is_number() ? value.get<double>() : NAN);  // JSON has no NaN
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

/// A known mistake is named if it alone gives the learner's results in every case.
std::string diagnose(const Chapter& chapter, const std::vector<json>& events) {
    std::set<std::string> fitting;
    for (const auto& [name, sentence] : chapter.mistakes) fitting.insert(name);
    bool some_failed = false;
    for (const json& event : events) {
        if (event["event"] != "end") continue;
        const auto matches = event.value("matches", std::vector<std::string>());
        std::erase_if(fitting, [&](const std::string& name) {
            return std::find(matches.begin(), matches.end(), name) == matches.end();
        });
        some_failed = some_failed || !event["passed"].get<bool>();
    }
    return some_failed && fitting.size() == 1 ? *fitting.begin() : "";
}

void read_cases(const Chapter& chapter, const std::vector<json>& events, CheckResult& result) {
    for (const json& event : events) {
        if (event["event"] == "start") {
            CaseResult fresh;
            fresh.id = event["case"].get<std::string>();
            fresh.name = case_name(chapter, fresh.id);
            result.cases.push_back(std::move(fresh));
        } else if (event["event"] == "end" && !result.cases.empty()) {
            CaseResult& last = result.cases.back();
            last.ran = true;
            last.passed = event["passed"].get<bool>();
            last.message = event.value("message", "");
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

std::string signal_name(int signal) {
    const char* name = sigabbrev_np(signal);
    return std::string("SIG") + (name == nullptr ? std::to_string(signal) : name) + " (" +
           strsignal(signal) + ")";
}

Verdict verdict_of(const std::vector<json>& events, const Finished& finished, bool too_long,
                   CheckResult& result) {
    const bool out_of_memory = std::any_of(events.begin(), events.end(),
                                           [](const json& e) { return e["event"] == "memory"; });
    if (too_long) {
        result.detail = "a case ran longer than its time limit";
        return Verdict::timed_out;
    }
    if (out_of_memory) {
        result.detail = "more memory was asked for than the limit allows";
        return Verdict::out_of_memory;
    }
    if (finished.signal != 0) {
        result.detail = signal_name(finished.signal);
        return Verdict::crashed;
    }
    const bool done = !events.empty() && events.back()["event"] == "done";
    if (!done) {
        result.detail = "the program ended before the last case, with exit status " +
                        std::to_string(finished.exit_status);
        if (!finished.output.empty()) result.detail += "\n" + finished.output.substr(0, 500);
        return Verdict::no_result;
    }
    const bool all = std::all_of(result.cases.begin(), result.cases.end(),
                                 [](const CaseResult& c) { return c.passed; });
    return all && !result.cases.empty() ? Verdict::passed : Verdict::failed;
}

/// Runs the child, and ends it when no event has come for too long.
void run_cases(const Chapter& chapter, const std::filesystem::path& object,
               const std::filesystem::path& file, const CheckOptions& options,
               const std::stop_token& stop, CheckResult& result) {
    const auto events_file =
        object.parent_path() / (chapter.id + "." + std::to_string(getpid()) + ".events");
    std::filesystem::remove(events_file);
    std::vector<std::string> command{VITRINE_PROGRAM,
                                     "__host",
                                     "check",
                                     chapter.id,
                                     object.string(),
                                     events_file.string(),
                                     std::to_string(options.sanitize ? 0 : options.memory)};
    if (!options.saved_case.empty())
        command.push_back(std::filesystem::absolute(options.saved_case).string());
    std::vector<std::string> environment;
    if (options.sanitize) {
        std::string ignored;
        const Finished where =
            run_process({VITRINE_CXX, "-print-file-name=libasan.so"}, {}, [] { return true; });
        environment.push_back("LD_PRELOAD=" + where.output.substr(0, where.output.find('\n')));
        environment.push_back("ASAN_OPTIONS=detect_leaks=0:abort_on_error=1");
    }
    std::uintmax_t size = 0;
    auto last_event = Clock::now();
    bool too_long = false;
    const double patience = options.seconds_a_case * (options.sanitize ? 4 : 1);
    const Finished finished = run_process(command, environment, [&] {
        std::error_code error;
        const auto now = std::filesystem::file_size(events_file, error);
        if (!error && now != size) {
            size = now;
            last_event = Clock::now();
        }
        too_long = std::chrono::duration<double>(Clock::now() - last_event).count() > patience;
        return !too_long && !stop.stop_requested();
    });
    const std::vector<json> events = read_events(events_file);
    std::filesystem::remove(events_file);
    read_cases(chapter, events, result);
    if (stop.stop_requested()) {
        result.verdict = Verdict::stopped;
        return;
    }
    result.verdict = verdict_of(events, finished, too_long, result);
    const std::string report =
        options.sanitize ? sanitizer_report(finished.output, file.filename().string()) : "";
    if (!report.empty()) {
        result.verdict = Verdict::crashed;
        result.detail = report;
    }
    result.mistake = diagnose(chapter, events);
    if (!result.mistake.empty()) result.diagnosis = chapter.mistakes.at(result.mistake);
}

}  // namespace

CheckResult check(const Chapter& chapter, const std::filesystem::path& file,
                  const CheckOptions& options, std::stop_token stop) {
    const auto start = Clock::now();
    if (!std::filesystem::exists(file)) {
        throw FileError(file.string(), "the file of the exercise", "none",
                        "`vitrine start " + chapter.id + "` makes it");
    }
    CheckResult result;
    std::string problem;
    const auto object = compile_exercise(chapter, file, options.sanitize, problem, stop);
    if (stop.stop_requested()) {
        result.verdict = Verdict::stopped;
    } else if (!problem.empty()) {
        result.verdict = Verdict::compile_error;
        result.detail = problem;
    } else {
        run_cases(chapter, object, file, options, stop, result);
    }
    result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return result;
}

}  // namespace vitrine::runner
