// Pictures of the app by the command line.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "golden.h"
#include "io/image.h"
#include "model_of_words.h"
#include "run_program.h"
#include "scratch_folder.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

/// The picture that `vitrine app` draws with these options.
Image drawn(const ScratchFolder& scratch, std::vector<std::string> options) {
    const std::string file = scratch / "app.png";
    options.insert(options.begin(), {"app", "--size", "900x640", "--screenshot", file});
    const Finished made = run_vitrine(options);
    INFO(made.error);
    REQUIRE(made.status == 0);
    Image image = read_image(file);
    std::filesystem::remove(file);
    return image;
}

/// The same but for the status line, which says how long the model took.
bool same(const Image& a, const Image& b) {
    constexpr Index status_line = 40;
    const auto above = static_cast<std::ptrdiff_t>((a.height - status_line) * a.width * 3);
    return a.width == b.width && a.height == b.height &&
           std::equal(a.pixels.begin(), a.pixels.begin() + above, b.pixels.begin());
}

}  // namespace

TEST_CASE("app: a picture of a view, of the size that was asked for, the same every time") {
    const ScratchFolder scratch;
    const std::vector<std::string> options{"--view", "attention", "--text", "The king said"};
    const Image first = drawn(scratch, options);
    CHECK(first.width == 900);
    CHECK(first.height == 640);
    CHECK(same(first, drawn(scratch, options)));
    std::vector<std::string> other = options;
    other.back() = "The queen said";
    CHECK_FALSE(same(first, drawn(scratch, other)));
}

TEST_CASE("app: --stack chooses among the attentions of T5, --picture is what CLIP looks at") {
    const ScratchFolder scratch;
    const ModelOfWords t5("t5"), clip("clip");
    const auto of_t5 = [&](const char* stack) {
        return drawn(scratch, {"--model", t5.path().string(), "--view", "attention", "--text",
                               "w5 w6 w7", "--stack", stack});
    };
    const Image encoder = of_t5("encoder");
    CHECK(same(encoder, of_t5("encoder")));
    CHECK_FALSE(same(encoder, of_t5("cross")));
    CHECK_FALSE(same(encoder, of_t5("decoder")));
    std::vector<std::string> options{
        "--model", clip.path().string(), "--view", "pictures", "--text", "w5 w6"};
    const Image without = drawn(scratch, options);
    options.insert(options.end(), {"--picture", fixture("models/clip/image.png")});
    CHECK_FALSE(same(without, drawn(scratch, options)));
}

TEST_CASE("app: what can't be drawn is said, and nothing is written") {
    const ScratchFolder scratch;
    const std::string file = scratch / "app.png";
    const auto refused = [&](std::vector<std::string> options) {
        options.insert(options.begin(), "app");
        options.insert(options.end(), {"--screenshot", file});
        const Finished made = run_vitrine(options);
        CHECK(made.status != 0);
        CHECK_FALSE(std::filesystem::exists(file));
        return made.error;
    };
    const auto says = [](const std::string& error, const char* part) {
        INFO(error);
        CHECK(error.find(part) != std::string::npos);
    };
    says(refused({"--picture", scratch.write("notes.txt", "no picture")}), "notes.txt");
    says(refused({"--picture", scratch / "none.png"}), "none.png");
    says(refused({"--view", "attentoin"}), "--view");
    says(refused({"--stack", "middle"}), "--stack");
    says(refused({"--size", "10x10"}), "320x240");
    says(refused({"--model", scratch / "no-model"}), "no-model");
    says(refused({"--beside", "no-such-model"}), "no-such-model");
}
