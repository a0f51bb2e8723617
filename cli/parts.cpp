#include "cli/parts.h"

#include "chapters/04_attention/attention.h"
#include "cli/mine.h"
#include "tensor/error.h"

namespace vitrine::cli {

namespace {

/// The clear parts of the chapters; the fast ones where no chapter teaches the part.
Parts make_chapters_parts() {
    Parts parts = fast_parts();
    parts.attention = chapters::attention;
    return parts;
}

}  // namespace

const Parts& parts_named(const std::string& name) {
    static const Parts of_chapters = make_chapters_parts();
    if (name == "fast") return fast_parts();
    if (name == "chapters") return of_chapters;
    if (name == "mine" && in_learner_process()) return learner_parts();
    throw ArgumentError("--parts", "fast, chapters or mine", "\"" + name + "\"");
}

}  // namespace vitrine::cli
