// The command line: commands, what they are given, and the ways in which a command ends early.
// What our commands use of CLI11, under CLI11's names. Only arguments.cpp includes its headers: the
// compiler reads them for longer than any of the commands.
#pragma once

#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): not ours
class App;
class Option;
}  // namespace CLI

namespace vitrine::cli {

/// The command line asks for what can't be: one line on stderr, and the program ends with 2.
class UsageError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Ends the program with a status, and in silence: what there is to say has been said.
struct ExitStatus : std::exception {
    int status;
    explicit ExitStatus(int value) : status(value) {}
};

/// An option, flag or positional of a command. A handle to copy, as Command is.
class Argument {
   public:
    explicit Argument(CLI::Option* option) : option_(option) {}

    Argument required() const;
    Argument needs(Argument other) const;
    Argument excludes(Argument other) const;
    /// Left out of --help.
    Argument hidden() const;

    /// So many values.
    Argument expected(int least, int most) const;
    /// A value is a list, with this between its items.
    Argument delimiter(char between) const;

    Argument range(int least, int most) const;
    Argument range(double least, double most) const;
    Argument positive() const;
    Argument non_negative() const;
    Argument one_of(const std::vector<std::string>& values) const;
    /// @param problem  what is wrong with a value; empty: nothing
    Argument check(const std::function<std::string(const std::string&)>& problem) const;

    /// Whether it stands on the command line.
    bool given() const;

   private:
    CLI::Option* option_;
};

/// The program, or a subcommand. A handle to copy; run_program() owns what it points to.
class Command {
   public:
    explicit Command(CLI::App* app) : app_(app) {}

    Command add_subcommand(const std::string& name, const std::string& help) const;
    /// For processes that the program starts itself: not in --help, and the action gets what comes
    /// after the name as it is.
    void add_hidden_subcommand(
        const std::string& name,
        const std::function<void(const std::vector<std::string>&)>& action) const;
    void require_subcommand() const;

    /// @param names  "name" of a positional, "--name" of an option
    /// @param value  gets what is given, otherwise it stays as it is; lives as long as the command
    /// T is int, Index, std::uint64_t, float, double, std::string, std::optional<std::string> or
    /// std::vector<std::string>.
    template <class T>
    Argument add_option(const std::string& names, T& value, const std::string& help) const;
    Argument add_flag(const std::string& names, bool& value, const std::string& help) const;
    /// Whether the command line has this option.
    bool given(const std::string& name) const;

    /// What it does, unless the command line names a subcommand of it.
    void callback(const std::function<void()>& action) const;

    /// The end of --help.
    void footer(const std::string& text) const;
    /// The end of --help: a line as one would type it.
    void example(const std::string& line) const;

   private:
    CLI::App* app_;
};

/// All of main(): reads the command line and does what it says. A failure is one line on stderr.
///
/// @param add_commands  adds the subcommands to the program
/// @return              0, 1 for an exception, 2 for bad usage, or that of an ExitStatus
int run_program(const std::string& description, const std::string& version, int argc, char** argv,
                const std::function<void(Command)>& add_commands);

}  // namespace vitrine::cli
