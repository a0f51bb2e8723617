#include "nn/gpt.h"

#include <doctest/doctest.h>

#include "parts/gpt_cases.h"
#include "tensor/error.h"

using namespace vitrine;

namespace {

Parts whole() {
    Parts parts = fast_parts();
    parts.forward = fast::forward;
    parts.step_with_cache = fast::step_with_cache;
    return parts;
}

}  // namespace

TEST_CASE("gpt: the fast one holds the list, and writes what transformers writes") {
    test::gpt_cases(whole());
    test::gpt_writes(whole());
}

TEST_CASE("gpt: a step that fails leaves the state as it was") {
    const auto model = load_language_model(test::fixture("models/gpt2"));
    Parts parts = whole();
    int steps = 0;
    parts.step_with_cache = [&](const Parts& all, int id, const DecoderWeights& weights,
                                State& state) {
        if (++steps == 3) throw Error("the third step fails");
        return fast::step_with_cache(all, id, weights, state);
    };
    State state = model->new_state();
    const std::vector<int> ids{5, 6, 7};
    const Sequence sequence{ids, &state};
    CHECK_THROWS_AS(model->forward({&sequence, 1}, Logits::last, parts), Error);
    CHECK(state.length == 0);
    CHECK(state.layers[0].length() == 0);
}

TEST_CASE("gpt: a state of another model is refused") {
    const auto model = load_language_model(test::fixture("models/gpt2"));
    State state;
    CHECK_THROWS_AS(fast::step_with_cache(fast_parts(), 1,
                                          dynamic_cast<const Decoder&>(*model).weights(), state),
                    ArgumentError);
}
