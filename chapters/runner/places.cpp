#include "chapters/runner/places.h"

#include "chapters/runner/config.h"

namespace vitrine::runner {

namespace fs = std::filesystem;

namespace {

Places find_places() {
    std::error_code none;
    const fs::path program = fs::read_symlink("/proc/self/exe", none);
    const fs::path prefix = program.parent_path().parent_path();
    const fs::path chapters = prefix / "share/vitrine/chapters";
    if (!none && fs::is_directory(chapters)) {  // cmake/VitrineInstall.cmake puts it there
        return {program,
                chapters,
                prefix / "lib/vitrine/variants",
                prefix / "lib/vitrine/learner/prelude.h",
                {prefix / "include/vitrine", prefix / "share/vitrine"}};
    }
    const fs::path source = VITRINE_SOURCE;
    return {VITRINE_PROGRAM,
            source / "chapters",
            VITRINE_VARIANTS,
            VITRINE_LEARNER_PRELUDE,
            {source / "lib", source}};
}

}  // namespace

const Places& places() {
    static const Places found = find_places();
    return found;
}

}  // namespace vitrine::runner
