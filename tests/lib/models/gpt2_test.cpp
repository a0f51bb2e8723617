#include "models/gpt2.h"

#include <doctest/doctest.h>

#include "golden.h"
#include "io/assets.h"
#include "lib/models/model_golden.h"
#include "models/padded.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

std::unique_ptr<LanguageModel> fixture_model() {
    return load_language_model(fixture("models/gpt2"));
}

}  // namespace

TEST_CASE("GPT-2: hidden states, attention and logits equal transformers'") {
    check_against_golden(fixture("models/gpt2"), fixture("models/gpt2/golden.safetensors"));
}

TEST_CASE("GPT-2: the bundled model equals a second implementation on its float16 weights") {
    check_against_golden(bundled_model_folder(),
                         fixture("models/vitrine-small/golden.safetensors"));
}

TEST_CASE("GPT-2: with a cache, token by token or in pieces, the logits are the same") {
    const auto model = fixture_model();
    const std::vector<int> ids{5, 17, 230, 44, 9, 600, 31, 8, 8, 120};
    const Sequence whole{ids};
    const Tensor2 expected = model->forward({&whole, 1})[0];
    for (const std::size_t piece : {1, 3, 7}) {
        State state = model->new_state();
        for (std::size_t at = 0; at < ids.size(); at += piece) {
            const std::size_t count = std::min(piece, ids.size() - at);
            const Sequence part{std::span(ids).subspan(at, count), &state};
            const Tensor2 logits = model->forward({&part, 1})[0];
            const Tensor2 rows_expected = rows(Ref2(expected), Index(at), Index(at + count)).copy();
            CHECK(largest_difference(logits, rows_expected) < 1e-4);
        }
        CHECK(state.length == Index(ids.size()));
    }
}

TEST_CASE("GPT-2: going back in a state gives the same continuation again") {
    const auto model = fixture_model();
    const std::vector<int> start{5, 17, 230}, detour{1, 2}, on{44};
    State state = model->new_state();
    const Sequence first{start, &state};
    model->forward({&first, 1});
    State fork = state;
    const Sequence wrong{detour, &state};
    model->forward({&wrong, 1});
    state.truncate(3);
    const Sequence again{on, &state}, forked{on, &fork};
    CHECK(largest_difference(model->forward({&again, 1})[0], model->forward({&forked, 1})[0]) == 0);
}

TEST_CASE("GPT-2: a batch equals its rows one by one") {
    const auto model = fixture_model();
    const std::vector<int> a{5, 17, 230, 44}, b{9}, c{600, 31, 8, 8, 120, 7, 7};
    const std::vector<Sequence> batch{{a}, {b}, {c}};
    const auto together = model->forward(batch);
    const auto last = model->forward(batch, Logits::last);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const Tensor2 alone = model->forward({&batch[i], 1})[0];
        CHECK(largest_difference(together[i], alone) < 1e-5);
        const Index T = Index(batch[i].ids.size());
        CHECK(largest_difference(last[i], rows(Ref2(alone), T - 1, T).copy()) < 1e-5);
    }
}

TEST_CASE("GPT-2: rows padded left or right equal unpadded runs, hidden positions give zeros") {
    const auto model = fixture_model();
    const std::vector<std::int64_t> ids{5, 17, 230, 0, 0, 0, 0, 9, 8, 7, 1, 1, 1, 1, 1};
    const std::vector<std::int64_t> mask{1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0};
    const auto padded = unpad(ids, mask, 3, 5);
    const auto logits = forward_padded(*model, padded, 5);
    const std::vector<int> a{5, 17, 230}, b{9, 8, 7};
    const Sequence sa{a}, sb{b};
    CHECK(largest_difference(rows(Ref2(logits[0]), 0, 3).copy(), model->forward({&sa, 1})[0]) <
          1e-5);
    CHECK(largest_difference(rows(Ref2(logits[1]), 2, 5).copy(), model->forward({&sb, 1})[0]) <
          1e-5);
    for (const Real value : rows(Ref2(logits[0]), 3, 5).copy()) CHECK(value == 0);
    for (const Real value : logits[2]) REQUIRE(value == 0);
}

TEST_CASE("GPT-2: a later token never changes what came before") {
    const auto model = fixture_model();
    const std::vector<int> a{5, 17, 230, 44, 9}, b{5, 17, 230, 600, 601};
    const Sequence sa{a}, sb{b};
    const Tensor2 left = rows(Ref2(model->forward({&sa, 1})[0]), 0, 3).copy();
    const Tensor2 right = rows(Ref2(model->forward({&sb, 1})[0]), 0, 3).copy();
    CHECK(largest_difference(left, right) < 1e-6);
}

TEST_CASE("GPT-2: the rows of every pattern sum to 1") {
    const auto model = fixture_model();
    const std::vector<int> ids{5, 17, 230, 44, 9};
    Record record = Record::of({"blocks.*.attn.pattern"});
    const Sequence sequence{ids, nullptr, &record};
    model->forward({&sequence, 1});
    REQUIRE(record.cache().size() == 3);
    for (const auto& [name, pattern] : record.cache()) {
        for (std::size_t row = 0; row < pattern.values.size() / 5; ++row) {
            double sum = 0;
            for (std::size_t s = 0; s < 5; ++s) sum += pattern.values[row * 5 + s];
            CHECK(std::abs(sum - 1) < 1e-6);
        }
    }
}

TEST_CASE("GPT-2: a hook on any activation can replace it, and the model goes on with that") {
    const auto model = fixture_model();
    const std::vector<int> ids{5, 17, 230, 44, 9};
    Record everything = Record::all();
    const Sequence recorded{ids, nullptr, &everything};
    const Tensor2 expected = model->forward({&recorded, 1})[0];
    CHECK(everything.cache().size() == 3 * 15 + 4);
    for (const auto& [name, activation] : everything.cache()) {
        const auto& label = name;  // clang 14 captures no bindings
        INFO(label);
        Record same, zero;
        same.add_hook(name, [](const Tapped&) {});
        zero.add_hook(name, [](const Tapped& tapped) {
            std::fill(tapped.values.begin(), tapped.values.end(), Real{0});
        });
        const Sequence unchanged{ids, nullptr, &same}, changed{ids, nullptr, &zero};
        CHECK(largest_difference(model->forward({&unchanged, 1})[0], expected) < 1e-5);
        CHECK(largest_difference(model->forward({&changed, 1})[0], expected) > 1e-4);
    }
}

TEST_CASE("GPT-2: asked to stop, it throws and leaves the state as it was") {
    const auto model = fixture_model();
    const std::vector<int> start{5, 17}, on{44, 45};
    State state = model->new_state();
    const Sequence first{start, &state};
    model->forward({&first, 1});
    std::stop_source source;
    Record record;
    record.add_hook("blocks.1.resid_post", [&](const Tapped&) { source.request_stop(); });
    const Sequence second{on, &state, &record};
    CHECK_THROWS_AS(model->forward({&second, 1}, Logits::all, fast_parts(), source.get_token()),
                    Stopped);
    CHECK(state.length == 2);
    for (const KeyValues& layer : state.layers) CHECK(layer.length() == 2);
}

TEST_CASE("GPT-2: ids outside the vocabulary, empty and too long texts are refused") {
    const auto model = fixture_model();
    const std::vector<int> outside{5, 640}, empty, longer(65, 1);
    const Sequence a{outside}, b{empty}, c{longer};
    CHECK_THROWS_WITH_AS(
        model->forward({&a, 1}),
        doctest::Contains("id at position 1: expected a number from 0 to 639, got 640"),
        ArgumentError);
    CHECK_THROWS_AS(model->forward({&b, 1}), ArgumentError);
    CHECK_THROWS_WITH_AS(model->forward({&c, 1}), doctest::Contains("at most 64 positions, got 65"),
                         ArgumentError);
}

TEST_CASE("GPT-2: rows of a batch with and without a record advance their states alike") {
    const auto model = fixture_model();
    const std::vector<int> a{5, 17, 230}, b{9, 8};
    State with = model->new_state(), without = model->new_state();
    Record record = Record::of({"logits"});
    const std::vector<Sequence> batch{{a, &with, &record}, {b, &without, nullptr}};
    const auto logits = model->forward(batch);
    CHECK(with.length == 3);
    CHECK(without.length == 2);
    for (const KeyValues& layer : without.layers) CHECK(layer.length() == 2);
    CHECK(record.cache().size() == 1);
    const Sequence alone{b};
    CHECK(largest_difference(logits[1], model->forward({&alone, 1})[0]) < 1e-5);
}

TEST_CASE("GPT-2: a hook that throws leaves every state of the batch as it was") {
    const auto model = fixture_model();
    const std::vector<int> a{5, 17, 230}, b{9, 8};
    State first = model->new_state(), second = model->new_state();
    Record plain, failing;
    failing.add_hook("blocks.2.mlp_post", [](const Tapped&) { throw std::runtime_error("no"); });
    const std::vector<Sequence> batch{{a, &first, &plain}, {b, &second, &failing}};
    CHECK_THROWS_AS(model->forward(batch), std::runtime_error);
    for (const State* state : {&first, &second}) {
        CHECK(state->length == 0);
        for (const KeyValues& layer : state->layers) CHECK(layer.length() == 0);
    }
}

TEST_CASE("GPT-2: a replaced key stays in the cache") {
    const auto model = fixture_model();
    const std::vector<int> start{5, 17, 230}, on{44};
    State state = model->new_state(), hooked_state = model->new_state();
    Record hooked;
    hooked.add_hook("blocks.0.attn.k", [](const Tapped& tapped) {
        std::fill(tapped.values.begin(), tapped.values.end(), Real{0});
    });
    const Sequence first{start, &state}, first_hooked{start, &hooked_state, &hooked};
    model->forward({&first, 1});
    model->forward({&first_hooked, 1});
    for (const Real key : hooked_state.layers[0].keys().copy()) REQUIRE(key == 0);
    const Sequence next{on, &state}, next_hooked{on, &hooked_state};
    CHECK(largest_difference(model->forward({&next, 1})[0], model->forward({&next_hooked, 1})[0]) >
          1e-4);
}

TEST_CASE("GPT-2: states of another model, and one state for two rows, are refused") {
    const auto model = fixture_model();
    const std::vector<int> ids{5};
    State other, mine = model->new_state();
    const Sequence wrong{ids, &other};
    CHECK_THROWS_WITH_AS(model->forward({&wrong, 1}), doctest::Contains("new_state()"),
                         ArgumentError);
    const std::vector<Sequence> twice{{ids, &mine}, {ids, &mine}};
    CHECK_THROWS_WITH_AS(model->forward(twice), doctest::Contains("one state twice"),
                         ArgumentError);
    CHECK(model->forward({}).empty());
}

TEST_CASE("GPT-2: the last logits with a record equal those without") {
    const auto model = fixture_model();
    const std::vector<int> ids{5, 17, 230, 44};
    const Sequence plain{ids};
    const Tensor2 expected = model->forward({&plain, 1}, Logits::last)[0];
    for (const char* name : {"logits", "embed"}) {
        Record record = Record::of({name});
        const Sequence recorded{ids, nullptr, &record};
        CHECK(largest_difference(model->forward({&recorded, 1}, Logits::last)[0], expected) < 1e-5);
        CHECK(record.cache().at(name).shape[0] == 4);  // a record sees every position
    }
}
