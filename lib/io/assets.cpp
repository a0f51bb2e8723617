#include "io/assets.h"

#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#if defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

#include "tensor/error.h"

namespace vitrine {

namespace {

std::filesystem::path program_path() {
#if defined(__APPLE__)
    std::array<char, 4096> buffer{};
    auto size = static_cast<std::uint32_t>(buffer.size());
    if (_NSGetExecutablePath(buffer.data(), &size) == 0) return buffer.data();
    return {};
#else
    std::error_code error;
    return std::filesystem::read_symlink("/proc/self/exe", error);
#endif
}

}  // namespace

std::filesystem::path assets_folder() {
    const char* named = std::getenv("VITRINE_ASSETS");
    if (named != nullptr && *named != '\0') {
        if (std::filesystem::is_directory(named)) return named;
        throw FileError("VITRINE_ASSETS", "the path of the assets folder", named,
                        "unset it to use the assets that came with the program");
    }
    const std::vector<std::filesystem::path> places{
        program_path().parent_path().parent_path() / "share/vitrine/assets",
        VITRINE_SOURCE_ASSETS,
    };
    std::string looked;
    for (const auto& place : places) {
        if (std::filesystem::is_directory(place / "models")) return place;
        looked += (looked.empty() ? "" : ", ") + place.string();
    }
    throw FileError("assets", "a folder at one of " + looked, "none",
                    "set VITRINE_ASSETS to the assets folder of the repository");
}

std::filesystem::path bundled_model_folder() {
    return assets_folder() / "models/vitrine-small";
}

}  // namespace vitrine
