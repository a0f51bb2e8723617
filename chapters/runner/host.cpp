// The child process: loads a learner's shared object and runs the cases, a line of JSON for each
// event.
#include <signal.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <cmath>
#include <fstream>
#include <new>
#include <nlohmann/json.hpp>

#include "chapters/runner/checker.h"
#include "chapters/runner/diagnosis.h"
#include "chapters/runner/limits.h"
#include "chapters/runner/part_case.h"
#include "io/json.h"
#include "nn/parts.h"
#include "tensor/error.h"

namespace vitrine::runner {

using nlohmann::json;

namespace {

/// JSON has no infinite numbers: they are written as words, NaN as null.
json to_json(const Values& values) {
    json numbers = json::array();
    for (const double value : values.values) {
        numbers.push_back(std::isinf(value) ? json(value > 0 ? "inf" : "-inf") : json(value));
    }
    return {{"shape", values.shape}, {"values", std::move(numbers)}};
}

json shape_message(const Values& expected, const Values& got) {
    const std::string right = json(expected.shape).dump(), wrong = json(got.shape).dump();
    return {{"en", "a result of shape " + right + " was expected, one of shape " + wrong + " came"},
            {"ko", "기대한 모양은 " + right + ", 나온 모양은 " + wrong + "예요"}};
}

json message(const char* english, const char* korean, const std::string& what = {}) {
    const std::string rest = what.empty() ? "" : ": " + what;
    return {{"en", english + rest}, {"ko", korean + rest}};
}

/// Runs one case and says what came out.
json run_case(const Chapter& chapter, const Case& test, const Functions& mine,
              const Variants& variants) {
    json event{{"event", "end"}, {"case", test.id}, {"exercise", test.exercise}, {"passed", false}};
    try {
        const Values got = test.run(mine);
        const CaseFit fit = fit_of(chapter, variants, test, got);
        event["passed"] = fit.passed;
        event["matches"] = fit.variants;
        if (fit.passed) return event;
        event["expected"] = to_json(test.expected);
        event["got"] = to_json(got);
        if (got.shape != test.expected.shape) event["message"] = shape_message(test.expected, got);
    } catch (const std::bad_alloc&) {
        event["event"] = "memory";
    } catch (const Todo& todo) {
        event["message"] = message("not written yet", "아직 쓰지 않았어요", todo.what());
    } catch (const std::exception& problem) {
        event["message"] = message("an exception", "예외가 났어요", problem.what());
    } catch (...) {
        event["message"] =
            message("an exception of an unknown type", "알 수 없는 종류의 예외가 났어요");
    }
    return event;
}

}  // namespace

int run_host(const std::vector<std::string>& arguments) {
    if (arguments.size() < 6 || arguments[0] != "check") return 2;
    const Chapter chapter = find_chapter(arguments[1]);
    std::vector<Case> cases;
    for (const ChapterCases& each : chapter_cases()) {
        if (chapter.id != each.id) continue;
        if (arguments.size() > 7) {
            cases.push_back(read_part_case(arguments[7], TensorFile::open(arguments[6])));
        } else {
            cases = each.cases(chapter.folder / "golden");
        }
    }
    std::ofstream result(arguments[3], std::ios::app);
    const auto tell = [&](const json& event) {
        // A learner's message may hold any bytes: what is not UTF-8 becomes U+FFFD.
        result << event.dump(-1, ' ', false, json::error_handler_t::replace) << std::endl;
    };
#ifdef __linux__
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // Ctrl-C, or whatever ends the parent, ends this too
#endif
    const auto variants = load_variants(chapter);
    limit_memory(std::stoull(arguments[4]));
    limit_processor_time(std::stoull(arguments[5]));
    limit_core_dumps();
    limit_file_size(64U << 20U);
    const Functions mine(arguments[2]);
    for (const Case& test : cases) {
        tell({{"event", "start"}, {"case", test.id}, {"exercise", test.exercise}});
        tell(run_case(chapter, test, mine, variants));
    }
    tell({{"event", "done"}});
    return 0;
}

}  // namespace vitrine::runner
