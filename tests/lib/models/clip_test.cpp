#include "models/clip.h"

#include <doctest/doctest.h>

#include "lib/models/family_golden.h"
#include "lib/models/model_folder.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

const std::string folder = fixture("models/clip");

const Clip& clip_of(const Model& model) {
    return *std::get<std::unique_ptr<Clip>>(model);
}

struct Texts {
    std::vector<std::vector<int>> ids, masks;
    explicit Texts(const TensorFile& file) {
        for (Index b = 0; b < file.at("input_ids").shape[0]; ++b) {
            ids.push_back(ints_of(file, "input_ids", b));
            masks.push_back(ints_of(file, "attention_mask", b));
        }
    }
    std::vector<TokenInput> batch() const {
        std::vector<TokenInput> inputs;
        for (std::size_t b = 0; b < ids.size(); ++b) inputs.push_back({ids[b], {}, masks[b]});
        return inputs;
    }
};

}  // namespace

// Bounds: tests/fixtures/README.md; logits are cosines times 14.3.
TEST_CASE("CLIP equals transformers: both towers, their activations, and how they fit") {
    const Model model = load_model(folder);
    const Clip& clip = clip_of(model);
    const TensorFile file = TensorFile::open(folder + "/golden.safetensors");
    const Texts texts(file);
    const Tensor2 text_vectors = clip.embed_texts(texts.batch());
    CHECK(largest_difference(text_vectors, golden<2>(file, "text_embeds")) < 1e-4);

    const Tensor4 pixels = golden<4>(file, "pixel_values");
    std::vector<PictureInput> pictures;
    for (Index b = 0; b < 4; ++b) pictures.push_back({Ref4(pixels)[b]});
    const Tensor2 picture_vectors = clip.embed_pictures(pictures);
    CHECK(largest_difference(picture_vectors, golden<2>(file, "image_embeds")) < 1e-4);
    CHECK(largest_difference(clip.logits(picture_vectors, text_vectors),
                             golden<2>(file, "logits_per_image")) < 1e-4);
    for (Index b = 0; b < 4; ++b) {
        Record record = Record::all();
        PictureInput input = pictures[std::size_t(b)];
        input.record = &record;
        clip.embed_pictures({&input, 1});
        CHECK(compare_row(model, record.cache(), file, b, 1e-4, 2e-5) == 2 + 3);
    }
}

TEST_CASE("CLIP: the text is read at its first end token, or in old folders at the largest id") {
    const TensorFile file = TensorFile::open(folder + "/golden.safetensors");
    ModelFolder old(folder);
    old.config["text_config"]["eos_token_id"] = 2;
    const Model model = old.load();
    const Model now = load_model(folder);
    // Id 1 is the end; 20 is the largest.
    const std::vector<int> ids{0, 7, 20, 9, 1, 1}, cut{0, 7, 20, 9, 1}, largest{0, 7, 20};
    const auto vector = [](const Model& of, const std::vector<int>& text) {
        const TokenInput input{text};
        return clip_of(of).embed_texts({&input, 1});
    };
    CHECK(largest_difference(vector(now, ids), vector(now, cut)) < 1e-5);
    CHECK(largest_difference(vector(model, ids), vector(model, largest)) < 1e-5);
    CHECK(largest_difference(vector(model, ids), vector(now, ids)) > 1e-2);
}

TEST_CASE("CLIP: pictures and texts that don't fit are refused") {
    const Model model = load_model(folder);
    const Tensor3 small = zeros<3>({3, 31, 32});
    const PictureInput picture{small};
    CHECK_THROWS_WITH_AS(clip_of(model).embed_pictures({&picture, 1}),
                         doctest::Contains("[3, 32, 32]"), ShapeError);
    const std::vector<int> ids(25, 3);
    const TokenInput text{ids};
    CHECK_THROWS_WITH_AS(clip_of(model).embed_texts({&text, 1}), doctest::Contains("at most 24"),
                         ArgumentError);
    ModelFolder wrong(folder);
    wrong.config["vision_config"]["patch_size"] = 33;
    CHECK_THROWS_WITH_AS(wrong.load(), doctest::Contains("patch_size"), FileError);
    wrong.config["vision_config"]["patch_size"] = 4;
    CHECK_THROWS_WITH_AS(wrong.load(), doctest::Contains("vision_config.patch_size"), FileError);
}
