#include "models/mamba.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "generate/generate.h"
#include "lib/models/family_golden.h"
#include "lib/models/model_folder.h"
#include "lib/models/model_golden.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

const std::string folder = fixture("models/mamba");

std::unique_ptr<LanguageModel> mamba() {
    return load_language_model(folder);
}

}  // namespace

// Bounds: tests/fixtures/README.md.
TEST_CASE("Mamba equals transformers: hidden states, logits, greedy ids") {
    const Model model = load_model(folder);
    const auto& language_model = *std::get<std::unique_ptr<LanguageModel>>(model);
    const TensorFile file = TensorFile::open(folder + "/golden.safetensors");
    std::vector<std::vector<int>> rows;
    for (Index b = 0; b < 2; ++b) {
        rows.push_back(row_of(file, b));
        Record record = Record::all();
        const Sequence sequence{rows.back(), nullptr, &record};
        language_model.forward({&sequence, 1});
        CHECK(compare_row(model, record.cache(), file, b, 1e-4, 2e-5) == outputs_in(file));
    }
    const Sequence batch[] = {{rows[0]}, {std::span(rows[1]).first(9)}};  // packed, no record
    const auto logits = language_model.forward(batch);
    CHECK(largest_difference(logits[0], golden_row<3>(file, "logits", 0)) < 1e-4);
    CHECK(largest_difference(logits[1],
                             vitrine::rows(Ref2(golden_row<3>(file, "logits", 1)), 0, 9).copy()) <
          1e-4);

    const nlohmann::json expected = read_json(folder + "/generate.json");
    Sampling greedy;
    greedy.temperature = 0;
    Generation generation(language_model, expected["prompt"].get<std::vector<int>>(), greedy);
    while (generation.ids().size() < expected["greedy"].size()) generation.next();
    CHECK(generation.ids() == expected["greedy"].get<std::vector<int>>());
}

TEST_CASE("Mamba: one step at a time, or in pieces, gives what the whole sequence gives") {
    const auto model = mamba();
    const std::vector<int> ids{5, 17, 23, 44, 9, 60, 31, 8, 8, 12, 57, 3};
    const Sequence whole{ids};
    const Tensor2 expected = model->forward({&whole, 1})[0];
    for (const std::size_t piece : {1, 2, 5}) {  // less and more than the convolution's width
        State state = model->new_state();
        for (std::size_t at = 0; at < ids.size(); at += piece) {
            const std::size_t count = std::min(piece, ids.size() - at);
            const Sequence part{std::span(ids).subspan(at, count), &state};
            CHECK(largest_difference(model->forward({&part, 1})[0],
                                     rows(Ref2(expected), Index(at), Index(at + count)).copy()) <
                  1e-4);
        }
        CHECK(state.length == 12);
    }
}

TEST_CASE("Mamba: a copied state goes its own way, and none goes back") {
    const auto model = mamba();
    const std::vector<int> start{5, 17, 23}, left{44, 9}, right{60, 31};
    State state = model->new_state();
    const Sequence first{start, &state};
    model->forward({&first, 1});
    State fork = state;
    const Sequence branches[] = {{left, &state}, {right, &fork}};
    const auto logits = model->forward(branches);
    const std::vector<int> both[] = {{5, 17, 23, 44, 9}, {5, 17, 23, 60, 31}};
    for (std::size_t i = 0; i < 2; ++i) {
        const Sequence whole{both[i]};
        CHECK(largest_difference(logits[i],
                                 rows(Ref2(model->forward({&whole, 1})[0]), 3, 5).copy()) < 1e-4);
    }
    CHECK_THROWS_AS(state.truncate(2), ArgumentError);
    CHECK_NOTHROW(state.truncate(5));
}

TEST_CASE("Mamba: the embeddings' older name is read") {
    ModelFolder old(folder);
    old.rename_ending("embeddings.weight", "embedding.weight");
    REQUIRE(old.tensors.contains("backbone.embedding.weight"));
    const std::vector<int> ids{5, 17, 23};
    const Sequence sequence{ids};
    const auto loaded = load_language_model(old.save());
    CHECK(largest_difference(loaded->forward({&sequence, 1})[0],
                             mamba()->forward({&sequence, 1})[0]) == 0);
}

TEST_CASE("Mamba: a run that fails leaves the state as it was") {
    const auto model = mamba();
    const std::vector<int> start{5, 17, 23}, wrong{7, 69}, next{44};
    State state = model->new_state();
    const Sequence first{start, &state};
    model->forward({&first, 1});
    const Sequence failing{wrong, &state};
    CHECK_THROWS_AS(model->forward({&failing, 1}), ArgumentError);
    std::stop_source stop;
    stop.request_stop();
    const Sequence stopped{next, &state};
    CHECK_THROWS_AS(model->forward({&stopped, 1}, Logits::all, fast_parts(), stop.get_token()),
                    Stopped);
    const std::vector<int> all{5, 17, 23, 44};
    const Sequence whole{all};
    CHECK(largest_difference(model->forward({&stopped, 1}, Logits::last)[0],
                             model->forward({&whole, 1}, Logits::last)[0]) < 1e-4);
}

TEST_CASE("Mamba: what it records is the recurrence: h = exp(delta A) h + delta B u") {
    const auto loaded = mamba();
    const auto& block = static_cast<const Mamba&>(*loaded).weights().blocks[1];
    const std::vector<int> ids{5, 17, 23, 44};
    Record record = Record::all();
    const Sequence sequence{ids, nullptr, &record};
    loaded->forward({&sequence, 1});
    const auto at = [&](const char* name) {
        return kept<2>(record.cache(), std::string("blocks.1.ssm.") + name);
    };
    const Tensor2 u = at("conv"), delta = at("delta"), B = at("B");
    const Tensor3 h = kept<3>(record.cache(), "blocks.1.ssm.state");
    CHECK(shape_of(h) == Shape<3>{4, 64, 8});
    for (Index t = 1; t < 4; ++t) {
        for (Index e = 0; e < 64; ++e) {
            for (Index n = 0; n < 8; ++n) {
                const double next =
                    std::exp(double(delta(t, e)) * double(block.A(e, n))) * double(h(t - 1, e, n)) +
                    double(delta(t, e)) * double(B(t, n)) * double(u(t, e));
                CHECK(std::abs(double(h(t, e, n)) - next) < 1e-5);
            }
        }
    }
}
