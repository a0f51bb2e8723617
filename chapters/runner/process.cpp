#include "chapters/runner/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
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
    for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

/// posix_spawn: safe in a program with threads, where fork alone is not.
pid_t spawn(const std::vector<std::string>& command, const std::vector<std::string>& added,
            int output, Streams streams) {
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
    short flags = POSIX_SPAWN_SETSIGDEF;
    if (streams == Streams::captured) {
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, output, 1);
        posix_spawn_file_actions_adddup2(&actions, output, 2);
        flags |= POSIX_SPAWN_SETPGROUP;
        posix_spawnattr_setpgroup(&attributes, 0);
    }
    posix_spawnattr_setflags(&attributes, flags);
    pid_t child = -1;
    const int error = posix_spawnp(&child, command.front().c_str(), &actions, &attributes,
                                   pointers(command).data(), pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error != 0)
        throw Error(command.front(), "a program that can be started", std::strerror(error));
    return child;
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
        child = spawn(command, environment, ends[1], streams);
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
        child = spawn(command, {}, nowhere, Streams::captured);
    } catch (...) {
        ::close(nowhere);
        throw;
    }
    ::close(nowhere);
    std::thread([child] { ::waitpid(child, nullptr, 0); }).detach();  // no zombie stays
}

}  // namespace vitrine::runner
