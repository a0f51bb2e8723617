#include "cli/mine.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iostream>
#include <mutex>
#include <new>
#include <sstream>

#include "chapters/runner/checker.h"
#include "chapters/runner/limits.h"
#include "chapters/runner/process.h"
#include "chapters/runner/workspace.h"
#include "io/json.h"
#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine::cli {

namespace {

using namespace vitrine::runner;

constexpr const char* parts_variable = "VITRINE_LEARNER_PARTS";  // name=shared object, a line each
constexpr const char* status_variable = "VITRINE_LEARNER_STATUS";  // a file: see Status
constexpr double seconds_a_call = 20.0;
constexpr std::size_t memory = std::size_t{3} << 30U;

/// What the child says of itself, in a small file that its parent reads: the number of the call and
/// the part with its input while it runs, "-" in between. One write each, so it is never half
/// there.
class Status {
   public:
    explicit Status(const char* path) : file_(::open(path, O_WRONLY | O_CLOEXEC)) {}

   private:
    friend class Running;
    void say(std::string text) {
        text.resize(200, ' ');
        if (::pwrite(file_, text.data(), text.size(), 0) < 0) file_ = -1;
    }
    int file_;
    long calls_ = 0;
};

/// While it lives, the status names the part.
class Running {
   public:
    Running(Status& status, const std::string& part) : status_(status) {
        status.say(std::to_string(++status.calls_) + " " + part);
    }
    ~Running() { status_.say("-"); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    Status& status_;
};

/// The part that was at work, or nothing.
std::string part_at_work(const std::string& status_file) {
    std::string text;
    std::getline(std::ifstream(status_file), text);
    const std::size_t end = text.find_last_not_of(' ');
    return end == std::string::npos || text[0] == '-' ? std::string() : text.substr(0, end + 1);
}

std::string without_number(const std::string& status) {
    return "your " + status.substr(status.find(' ') + 1);
}

/// This command's own words.
std::vector<std::string> own_command() {
    std::ifstream stream("/proc/self/cmdline", std::ios::binary);
    std::vector<std::string> command;
    for (std::string word; std::getline(stream, word, '\0');) command.push_back(word);
    command.at(0) = std::filesystem::read_symlink("/proc/self/exe").string();
    return command;
}

/// The learner's files, compiled: "attention=/.../04_attention.so", a line each.
std::string compiled_parts() {
    std::string parts;
    for (const Chapter& chapter : load_chapters()) {
        const auto file = exercise_file(chapter);
        if (!std::filesystem::exists(file)) {
            std::cerr << "vitrine: " << chapter.id
                      << " is not started; the library's part stands in\n";
            continue;
        }
        std::string problem;
        const auto object = compile_exercise(chapter, file, false, problem, {});
        if (!problem.empty()) throw Error(file.string() + " does not compile\n" + problem);
        for (const std::string& name : chapter.exercises)
            parts += name + "=" + object.string() + "\n";
    }
    return parts;
}

/// An empty file that is removed at the end.
class Scratch {
   public:
    Scratch() {
        const int file = ::mkstemp(name_.data());
        if (file < 0) throw FileError(name_, "a temporary file", std::strerror(errno));
        ::close(file);
    }
    ~Scratch() { ::unlink(name_.c_str()); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    const std::string& name() const { return name_; }

   private:
    std::string name_ = (std::filesystem::temp_directory_path() / "vitrine-XXXXXX").string();
};

/// The learner's attention, guarded: the status says that it runs, and its result is looked at.
class LearnerAttention {
   public:
    explicit LearnerAttention(const std::filesystem::path& object)
        : function_(Functions(object).get<Tensor3(Ref3, Ref3, Ref3, const Bias&, float, Record*)>(
              "attention")),
          status_(std::getenv(status_variable)) {}

    Tensor3 operator()(Ref3 q, Ref3 k, Ref3 v, const Bias& bias, float scale, Record* record) {
        // Only now is the model loaded, so that its size does not count.
        std::call_once(limited_, [] { limit_memory(memory); });
        const std::string name =
            "attention with q " + shape_text(q.shape) + ", k " + shape_text(k.shape);
        if (!written_) return fast_parts().attention(q, k, v, bias, scale, record);
        const Tensor3 z = guarded_call(name, q, k, v, bias, scale, record);
        if (!written_) return fast_parts().attention(q, k, v, bias, scale, record);
        check_shape("the result of your " + name, z, q.shape);
        return z;
    }

   private:
    Tensor3 guarded_call(const std::string& name, Ref3 q, Ref3 k, Ref3 v, const Bias& bias,
                         float scale, Record* record) {
        const Running running(status_, name);
        try {
            return function_(q, k, v, bias, scale, record);
        } catch (const Todo&) {
            written_ = false;
            std::cerr << "vitrine: attention is not written yet; the library's part stands in\n";
            return {};
        } catch (const std::bad_alloc&) {
            throw Error("your " + name, "less than 3 GiB of memory", "more");
        } catch (const std::exception& problem) {
            throw Error("your " + name, "a result", std::string("an exception: ") + problem.what());
        } catch (...) {
            throw Error("your " + name, "a result", "an exception of an unknown type");
        }
    }

    Tensor3 (*function_)(Ref3, Ref3, Ref3, const Bias&, float, Record*);
    Status status_;
    std::once_flag limited_;
    bool written_ = true;
};

Parts make_learner_parts() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    limit_core_dumps();
    Parts parts = fast_parts();
    std::istringstream lines(std::getenv(parts_variable));
    for (std::string line; std::getline(lines, line);) {
        const std::size_t equals = line.find('=');
        if (line.substr(0, equals) != "attention") continue;
        const auto attention = std::make_shared<LearnerAttention>(line.substr(equals + 1));
        parts.attention = [attention](Ref3 q, Ref3 k, Ref3 v, const Bias& bias, float scale,
                                      Record* record) {
            return (*attention)(q, k, v, bias, scale, record);
        };
    }
    return parts;
}

}  // namespace

bool in_learner_process() {
    return std::getenv(parts_variable) != nullptr && std::getenv(status_variable) != nullptr;
}

int run_in_learner_process() {
    using Clock = std::chrono::steady_clock;
    const std::string parts = compiled_parts();
    const Scratch status;
    std::string seen;
    auto since = Clock::now();
    bool too_long = false;
    ::signal(SIGINT, SIG_IGN);  // Ctrl-C is the child's, which then ends as it should
    const Finished finished = run_process(
        own_command(),
        {std::string(parts_variable) + "=" + parts,
         std::string(status_variable) + "=" + status.name()},
        [&] {
            const std::string now = part_at_work(status.name());
            if (now != seen || now.empty()) since = Clock::now();
            seen = now;
            too_long = std::chrono::duration<double>(Clock::now() - since).count() > seconds_a_call;
            return !too_long;
        },
        Streams::shared);
    const std::string last = part_at_work(status.name());
    if (too_long) {
        throw Error(without_number(last),
                    "a result within " + std::to_string(int(seconds_a_call)) + " s",
                    "none: is there a loop without an end?");
    }
    if (finished.signal != 0) {
        throw Error(last.empty() ? "the run" : without_number(last), "a result",
                    std::string("a crash, ") + strsignal(finished.signal),
                    "`vitrine check --sanitize` looks for the line");
    }
    if (!last.empty()) throw Error(without_number(last), "a result", "the end of the program");
    return finished.exit_status;
}

const Parts& learner_parts() {
    static const Parts parts = make_learner_parts();
    return parts;
}

}  // namespace vitrine::cli
