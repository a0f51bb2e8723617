// The arrows of the design and the length of files, read from the sources themselves.
#include "style/arrows.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

namespace fs = std::filesystem;
using vitrine::style::allowed_arrows;
using vitrine::style::arrows_back;

namespace {

std::vector<fs::path> sources_under(const std::vector<std::string>& folders) {
    std::vector<fs::path> found;
    for (const std::string& folder : folders) {
        for (const auto& entry :
             fs::recursive_directory_iterator(fs::path(VITRINE_SOURCE_DIR) / folder)) {
            const fs::path extension = entry.path().extension();
            if (extension == ".h" || extension == ".cpp") found.push_back(entry.path());
        }
    }
    return found;
}

std::vector<std::string> planted(const std::string& path, const std::string& text) {
    std::istringstream lines(text);
    return arrows_back(path, lines);
}

}  // namespace

TEST_CASE("arrows: no file includes against the design") {
    const std::vector<fs::path> files = sources_under({"lib", "chapters", "cli", "viz"});
    REQUIRE(files.size() > 50);
    for (const fs::path& file : files) {
        std::ifstream text(file);
        const std::string path = fs::relative(file, VITRINE_SOURCE_DIR).generic_string();
        for (const std::string& line : arrows_back(path, text)) FAIL_CHECK(line);
    }
}

TEST_CASE("arrows: every folder of lib/ has its place") {
    for (const auto& entry : fs::directory_iterator(fs::path(VITRINE_SOURCE_DIR) / "lib")) {
        if (!entry.is_directory()) continue;
        CAPTURE(entry.path().string());
        CHECK(allowed_arrows().contains(entry.path().filename().string()));
    }
}

TEST_CASE("arrows: a planted arrow that points back is caught") {
    CHECK(planted("lib/tensor/x.h", "#include \"kernels/matmul.h\"\n").size() == 1);
    CHECK(planted("lib/kernels/x.cpp", "#include \"nn/parts.h\"\n").size() == 1);
    CHECK(planted("lib/text/x.cpp", "  # include <models/gpt2.h>\n").size() == 1);
    CHECK(planted("lib/nn/x.cpp", "#include \"../models/gpt2.h\"\n").size() == 1);
    CHECK(planted("lib/io/x.cpp", "#include \"chapters/runner/case.h\"\n").size() == 1);
    CHECK(planted("chapters/04_attention/x.cpp", "#include \"viz/app/app.h\"\n").size() == 1);
    CHECK(planted("viz/app/x.cpp", "#include \"cli/commands.h\"\n").size() == 1);
}

TEST_CASE("arrows: those of the design are let through") {
    CHECK(planted("lib/nn/x.cpp", "#include <vector>\n#include \"kernels/matmul.h\"\n").empty());
    CHECK(planted("cli/x.cpp", "#include \"viz/app/app.h\"\n#include \"nn/parts.h\"\n").empty());
    CHECK(planted("lib/tensor/x.h", "// see #include \"nn/parts.h\"\n").empty());
}

TEST_CASE("arrows: CLI11 is included by cli/arguments.cpp alone") {
    std::vector<std::string> includers;
    for (const fs::path& file : sources_under({"lib", "chapters", "cli", "viz", "tests"})) {
        std::ifstream text(file);
        for (std::string line; std::getline(text, line);) {
            if (line.starts_with("#include <CLI/")) includers.push_back(file.filename().string());
        }
    }
    CHECK(includers == std::vector<std::string>{"arguments.cpp"});
}

TEST_CASE("style: a file has at most 400 lines") {
    for (const fs::path& file : sources_under({"lib", "chapters", "cli", "viz", "tests"})) {
        std::ifstream text(file);
        const auto lines = std::count(std::istreambuf_iterator<char>(text), {}, '\n');
        CAPTURE(file.string());
        CHECK(lines <= 400);
    }
}
