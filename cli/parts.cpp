#include "cli/parts.h"

#include "chapters/runner/chapters_parts.h"
#include "cli/mine.h"
#include "tensor/error.h"

namespace vitrine::cli {

void add_parts_option(Command command, std::string& parts) {
    command
        .add_option("--parts", parts,
                    "fast, chapters or mine (mine=NAME,NAME: these of yours only)")
        .check([](const std::string& name) {
            const bool is_known = name == "fast" || name == "chapters" || is_mine(name);
            return is_known ? std::string() : "fast, chapters or mine were expected, not " + name;
        });
}

const Parts& parts_named(const std::string& name) {
    if (name == "fast") return fast_parts();
    if (name == "chapters") return runner::chapters_parts();
    if (is_mine(name) && in_learner_process()) {
        static const auto of_learner = learner_parts();
        return of_learner->parts();
    }
    throw ArgumentError("--parts", "fast, chapters or mine", "\"" + name + "\"");
}

}  // namespace vitrine::cli
