#include "chapters/runner/detached.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cerrno>
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

}  // namespace

int start_detached(const std::vector<std::string>& command,
                   const std::vector<std::string>& environment,
                   const std::filesystem::path& errors) {
    std::vector<std::string> all(environment);
    for (char** each = environ; *each != nullptr; ++each) all.emplace_back(*each);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0666);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t interrupt;  // whatever we do with Ctrl-C, the child starts with the default
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    posix_spawnattr_setsigdefault(&attributes, &interrupt);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    pid_t child = -1;
    const int error = posix_spawnp(&child, command.front().c_str(), &actions, &attributes,
                                   pointers(command).data(), pointers(all).data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error != 0)
        throw Error(command.front(), "a program that can be started", std::strerror(error));
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(child), 5);         // its threads inherit it
    std::thread([child] { ::waitpid(child, nullptr, 0); }).detach();  // no zombie stays
    return child;
}

}  // namespace vitrine::runner
