#include "chapters/runner/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <thread>

#include "tensor/error.h"

extern char** environ;

namespace vitrine::runner {

namespace {

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

/// posix_spawn: safe in a program with threads, where fork alone is not.
/// @param set_up  says what becomes of the streams; returns flags besides that of the signals
template <class SetUp>
pid_t spawn(const std::vector<std::string>& command, const std::vector<std::string>& added,
            SetUp set_up) {
    std::vector<std::string> environment(added);
    for (char** each = environ; *each != nullptr; ++each) environment.emplace_back(*each);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t interrupt;  // whatever we do with Ctrl-C, the child starts with the default
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    posix_spawnattr_setsigdefault(&attributes, &interrupt);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    const short flags = set_up(actions);
    posix_spawnattr_setflags(
        &attributes, static_cast<short>(flags | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK));
    pid_t child = -1;
    const int error = posix_spawnp(&child, command.front().c_str(), &actions, &attributes,
                                   pointers(command).data(), pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error != 0)
        throw Error(command.front(), "a program that can be started", std::strerror(error));
    return child;
}

/// Nothing to read, what it writes goes to `output`, in a process group of its own; or as we.
pid_t spawn_with(const std::vector<std::string>& command, const std::vector<std::string>& added,
                 int output, Streams streams) {
    return spawn(command, added, [&](posix_spawn_file_actions_t& actions) -> short {
        if (streams == Streams::shared) return 0;
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, output, 1);
        posix_spawn_file_actions_adddup2(&actions, output, 2);
        return POSIX_SPAWN_SETPGROUP;  // to group 0, which posix_spawnattr_init set: a new one
    });
}

void let_go(pid_t child) {
    std::thread([child] { ::waitpid(child, nullptr, 0); }).detach();  // no zombie stays
}

/// Takes what is there; false at the end of the stream. A program that prints without end must not
/// keep us from looking at the clock: no more than a pipe holds is taken at a time.
bool drain(int pipe, std::string& output) {
    constexpr std::size_t most = 64U << 10U;
    std::array<char, 4096> buffer{};
    for (int i = 0; i < 16; ++i) {
        const ssize_t count = ::read(pipe, buffer.data(), buffer.size());
        if (count == 0) return false;
        if (count < 0) return errno == EAGAIN || errno == EINTR;
        if (output.size() < most) output.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace

Finished run_process(const std::vector<std::string>& command,
                     const std::vector<std::string>& environment,
                     const std::function<bool()>& go_on, Streams streams) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw Error("pipe", "two ends", std::strerror(errno));
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    Finished result;
    pid_t child = -1;
    try {
        child = spawn_with(command, environment, ends[1], streams);
    } catch (...) {
        ::close(ends[0]);
        ::close(ends[1]);
        throw;
    }
    ::close(ends[1]);
    const pid_t target = streams == Streams::captured ? -child : child;
    int status = 0;
    bool open = true;
    while (::waitpid(child, &status, WNOHANG) == 0) {
        pollfd wait{ends[0], POLLIN, 0};
        ::poll(open ? &wait : nullptr, open ? 1 : 0, 20);
        if (open) open = drain(ends[0], result.output);
        if (!result.killed && !go_on()) {
            result.killed = true;
            ::kill(target, SIGKILL);
        }
    }
    if (streams == Streams::captured) ::kill(target, SIGKILL);  // whatever it started itself
    drain(ends[0], result.output);
    ::close(ends[0]);
    if (WIFEXITED(status)) result.exit_status = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
    return result;
}

void start_program(const std::vector<std::string>& command) {
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    pid_t child = -1;
    try {
        child = spawn_with(command, {}, nowhere, Streams::captured);
    } catch (...) {
        ::close(nowhere);
        throw;
    }
    ::close(nowhere);
    let_go(child);
}

int start_detached(const std::vector<std::string>& command,
                   const std::vector<std::string>& environment,
                   const std::filesystem::path& errors) {
    const pid_t child =
        spawn(command, environment, [&](posix_spawn_file_actions_t& actions) -> short {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
            posix_spawn_file_actions_addopen(&actions, 2, errors.c_str(),
                                             O_WRONLY | O_CREAT | O_TRUNC, 0666);
            return POSIX_SPAWN_SETSID;
        });
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(child), 5);  // its threads inherit it
    let_go(child);
    return child;
}

}  // namespace vitrine::runner
