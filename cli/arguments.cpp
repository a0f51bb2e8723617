#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <optional>

#include "tensor/tensor.h"

namespace vitrine::cli {

Argument Argument::required() const {
    return Argument(option_->required());
}

Argument Argument::needs(Argument other) const {
    return Argument(option_->needs(other.option_));
}

Argument Argument::excludes(Argument other) const {
    return Argument(option_->excludes(other.option_));
}

Argument Argument::hidden() const {
    return Argument(option_->group(""));
}

Argument Argument::expected(int least, int most) const {
    return Argument(option_->expected(least, most));
}

Argument Argument::delimiter(char between) const {
    return Argument(option_->delimiter(between));
}

Argument Argument::range(int least, int most) const {
    return Argument(option_->check(CLI::Range(least, most)));
}

Argument Argument::range(double least, double most) const {
    return Argument(option_->check(CLI::Range(least, most)));
}

Argument Argument::positive() const {
    return Argument(option_->check(CLI::PositiveNumber));
}

Argument Argument::non_negative() const {
    return Argument(option_->check(CLI::NonNegativeNumber));
}

Argument Argument::one_of(const std::vector<std::string>& values) const {
    return Argument(option_->check(CLI::IsMember(values)));
}

Argument Argument::check(const std::function<std::string(const std::string&)>& problem) const {
    return Argument(option_->check(problem));
}

bool Argument::given() const {
    return option_->count() > 0;
}

Command Command::add_subcommand(const std::string& name, const std::string& help) const {
    return Command(app_->add_subcommand(name, help));
}

void Command::add_hidden_subcommand(
    const std::string& name,
    const std::function<void(const std::vector<std::string>&)>& action) const {
    CLI::App* command = app_->add_subcommand(name)->group("")->prefix_command();
    command->callback([=] { action(command->remaining()); });
}

void Command::require_subcommand() const {
    app_->require_subcommand(1);
}

template <class T>
Argument Command::add_option(const std::string& names, T& value, const std::string& help) const {
    return Argument(app_->add_option(names, value, help));
}

using Text = const std::string&;
template Argument Command::add_option(Text, int&, Text) const;
template Argument Command::add_option(Text, Index&, Text) const;
template Argument Command::add_option(Text, std::uint64_t&, Text) const;
template Argument Command::add_option(Text, float&, Text) const;
template Argument Command::add_option(Text, double&, Text) const;
template Argument Command::add_option(Text, std::string&, Text) const;
template Argument Command::add_option(Text, std::optional<std::string>&, Text) const;
template Argument Command::add_option(Text, std::vector<std::string>&, Text) const;

Argument Command::add_flag(const std::string& names, bool& value, const std::string& help) const {
    return Argument(app_->add_flag(names, value, help));
}

bool Command::given(const std::string& name) const {
    return app_->count(name) > 0;
}

void Command::callback(const std::function<void()>& action) const {
    app_->callback([app = app_, action] {
        if (app->get_subcommands().empty()) action();
    });
}

void Command::footer(const std::string& text) const {
    app_->footer(text);
}

void Command::example(const std::string& line) const {
    footer("Example:\n  " + line);
}

int run_program(const std::string& description, const std::string& version, int argc, char** argv,
                const std::function<void(Command)>& add_commands) {
    const auto fail = [](int status, const std::string& message) {
        std::fprintf(stderr, "vitrine: %s\n", message.c_str());
        return status;
    };
    const std::string hint = " (see --help)";
    CLI::App app(description, "vitrine");
    app.set_version_flag("--version", version);
    app.require_subcommand(0, 1);
    add_commands(Command(&app));
    try {
        app.parse(argc, argv);
        return 0;
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& usage) {
        return fail(2, usage.what() + hint);
    } catch (const UsageError& usage) {
        return fail(2, usage.what() + hint);
    } catch (const ExitStatus& end) {
        return end.status;
    } catch (const std::exception& failure) {
        return fail(1, failure.what());
    }
}

}  // namespace vitrine::cli
