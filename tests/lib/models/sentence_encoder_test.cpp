#include "models/sentence_encoder.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "io/json.h"
#include "scratch_folder.h"
#include "tensor/error.h"
#include "text/tokenizer.h"

using namespace vitrine;
using namespace vitrine::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const std::string original = fixture("models/sentence-bert");

/// A copy of the fixture's folder with other files in it.
class Copy {
   public:
    Copy() { fs::copy(original, path(), fs::copy_options::recursive); }
    void write(const std::string& file, const json& value) const {
        folder_.write(file, value.dump());
    }
    SentenceEncoder load() const { return SentenceEncoder::load(path()); }
    const fs::path& path() const { return folder_.path(); }

   private:
    ScratchFolder folder_;
};

}  // namespace

// Bound: unit vectors of float32 hidden states; sentence-transformers ran in float32 itself.
TEST_CASE("sentence embeddings equal sentence-transformers', in one batch and one by one") {
    const SentenceEncoder encoder = SentenceEncoder::load(original);
    const Tokenizer tokenizer = Tokenizer::load(original);
    const json expected = read_json(original + "/golden.json");
    std::vector<Encoding> texts;
    for (const json& text : expected["sentences"]) {
        texts.push_back(tokenizer.encode(text.get<std::string>()));
    }
    std::vector<TokenInput> batch;
    for (const Encoding& text : texts) batch.push_back({text.ids, text.type_ids});
    const Tensor2 all = encoder.embed(batch);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const Tensor2 alone = encoder.embed({&batch[i], 1});
        for (std::size_t c = 0; c < 48; ++c) {
            const double value = expected["embeddings"][i][c];
            CHECK(std::abs(double(all(i, c)) - value) < 1e-5);
            CHECK(std::abs(double(alone(0, c)) - value) < 1e-5);
        }
        for (std::size_t j = 0; j < texts.size(); ++j) {
            double cosine = 0;
            for (std::size_t c = 0; c < 48; ++c) cosine += double(all(i, c)) * double(all(j, c));
            CHECK(std::abs(cosine - expected["cosine"][i][j].get<double>()) < 1e-5);
        }
    }
}

TEST_CASE("pooling: first position, mean and largest of the visible ones") {
    const Tensor2 hidden{{1, -8}, {3, -2}, {100, 100}};
    const std::vector<int> mask{1, 1, 0};
    CHECK(pool(hidden, mask, Pooling::cls) == Tensor1{1, -8});
    CHECK(pool(hidden, mask, Pooling::mean) == Tensor1{2, -5});
    CHECK(pool(hidden, mask, Pooling::max) == Tensor1{3, -2});
    CHECK(pool(hidden, {}, Pooling::max) == Tensor1{100, 100});
    CHECK(pool(hidden, std::vector<int>{0, 0, 0}, Pooling::mean) == Tensor1{0, 0});
}

TEST_CASE("sentence-transformers folders: old and new keys, several poolings, the length") {
    const Copy copy;
    CHECK(copy.load().normalizes());
    CHECK(copy.load().max_length() == 48);
    copy.write("1_Pooling/config.json",
               {{"pooling_mode_cls_token", true}, {"pooling_mode_max_tokens", true}});
    copy.write("sentence_bert_config.json", {{"max_seq_length", 20}});
    const SentenceEncoder encoder = copy.load();
    CHECK(encoder.poolings() == std::vector<Pooling>{Pooling::cls, Pooling::max});
    CHECK(encoder.width() == 96);
    CHECK(encoder.max_length() == 20);
    fs::remove(copy.path() / "modules.json");  // an encoder's own folder
    CHECK(copy.load().poolings() == std::vector<Pooling>{Pooling::mean});
    CHECK_FALSE(copy.load().normalizes());
}

TEST_CASE("sentence-transformers folders: what is not known is refused by name") {
    const Copy copy;
    const json modules = read_json(original + "/modules.json");
    const auto refused = [&](const json& wrong, const char* words) {
        copy.write("modules.json", wrong);
        CHECK_THROWS_WITH_AS(copy.load(), doctest::Contains(words), FileError);
    };
    json wrong = modules;
    wrong[2]["type"] = "sentence_transformers.models.Dense";
    refused(wrong, "sentence_transformers.models.Dense");
    wrong = modules;
    wrong[1]["path"] = "../1_Pooling";
    refused(wrong, "../1_Pooling");
    refused(json::array({modules[0]}), "a Transformer and a Pooling");
    refused(json::array(), "a Transformer and a Pooling");
    refused(json::object(), "a list of modules");
    refused(json::array({7}), "modules.json");
    copy.write("modules.json", modules);
    copy.write("1_Pooling/config.json", {{"pooling_mode", "lasttoken"}});
    CHECK_THROWS_WITH_AS(copy.load(), doctest::Contains("lasttoken"), FileError);
}
