#include "chapters/04_attention/attention.h"

#include <doctest/doctest.h>

#include "io/assets.h"
#include "models/language_model.h"
#include "parts/attention_cases.h"

using namespace vitrine;
using namespace vitrine::test;

TEST_CASE("attention: the chapter's clear one holds the same list as the fast one") {
    attention_cases(chapters::attention);
}

TEST_CASE("parts: the model with the chapter's attention gives the same logits") {
    Parts parts = fast_parts();
    parts.attention = chapters::attention;
    for (const std::filesystem::path& folder :
         {bundled_model_folder(), std::filesystem::path(fixture("models/gpt2"))}) {
        const auto model = load_language_model(folder);
        const std::vector<int> ids{5, 17, 230, 44, 9, 600, 31, 8};
        const Sequence sequence{ids};
        CHECK(largest_difference(model->forward({&sequence, 1}, Logits::all, parts)[0],
                                 model->forward({&sequence, 1})[0]) < 1e-4);
    }
}
