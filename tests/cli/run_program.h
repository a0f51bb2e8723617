// Runs the built `vitrine` program as a user would and catches what it prints.
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

// NOLINTNEXTLINE(readability-redundant-declaration): POSIX leaves it to the program.
extern char** environ;

namespace vitrine::test {

/// What a program did.
struct Finished {
    int status = -1;  // exit status; 128 + the signal's number if a signal ended it
    std::string out, error;
};

/// A file without a name, for what goes into and comes out of a program: unlike a pipe it can't
/// fill up and block.
class Scratch {
   public:
    Scratch() : file_(std::tmpfile()) {}
    ~Scratch() {
        if (file_ != nullptr) std::fclose(file_);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    int descriptor() const { return fileno(file_); }
    void write(const std::string& text) {
        std::fwrite(text.data(), 1, text.size(), file_);
        std::fflush(file_);
        std::rewind(file_);
    }
    std::string read() {
        std::string text;
        std::rewind(file_);
        char buffer[4096];
        for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, file_)) > 0;) {
            text.append(buffer, n);
        }
        return text;
    }

   private:
    std::FILE* file_;
};

/// Starts `vitrine` with these arguments, without a shell between and without waiting for it.
/// @param in, out, error  descriptors that it reads from and writes to; -1: ours
/// @param environment     "NAME=value", added to or in place of ours
/// @return                its process; 0 if it could not be started
inline pid_t start_vitrine(std::vector<std::string> arguments, int in, int out, int error,
                           const std::vector<std::string>& environment = {}) {
    arguments.insert(arguments.begin(), std::string(VITRINE_BINARY_DIR) + "/bin/vitrine");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);

    std::vector<std::string> variables = environment;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string ours = *variable;
        const std::string name = ours.substr(0, ours.find('=') + 1);
        bool replaced = false;
        for (const std::string& other : environment) replaced |= other.rfind(name, 0) == 0;
        if (!replaced) variables.push_back(ours);
    }
    std::vector<char*> envp;
    for (std::string& variable : variables) envp.push_back(variable.data());
    envp.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const int descriptors[] = {in, out, error};
    for (int i = 0; i < 3; ++i) {
        if (descriptors[i] >= 0) posix_spawn_file_actions_adddup2(&actions, descriptors[i], i);
    }
    pid_t child = 0;
    const int failed = posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), envp.data());
    posix_spawn_file_actions_destroy(&actions);
    return failed == 0 ? child : 0;
}

/// Waits for a process. @return  its exit status; 128 + the signal's number if a signal ended it
inline int wait_for(pid_t child) {
    int state = 0;
    waitpid(child, &state, 0);
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

/// Runs `vitrine` with these arguments.
/// @param input        its standard input
/// @param environment  as for start_vitrine()
inline Finished run_vitrine(const std::vector<std::string>& arguments,
                            const std::string& input = "",
                            const std::vector<std::string>& environment = {}) {
    Scratch in, out, error;
    in.write(input);
    const pid_t child = start_vitrine(arguments, in.descriptor(), out.descriptor(),
                                      error.descriptor(), environment);
    if (child == 0) return {-1, "", "could not start vitrine"};
    const int status = wait_for(child);
    return {status, out.read(), error.read()};
}

}  // namespace vitrine::test
