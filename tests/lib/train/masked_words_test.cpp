#include "train/masked_words.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::train;

namespace {

constexpr int cls = 1, sep = 2, mask = 3;

Masking masking() {
    return {mask, 1000, {0, cls, sep, mask}};
}

std::size_t counted(const std::vector<int>& targets) {
    return static_cast<std::size_t>(
        std::count_if(targets.begin(), targets.end(), [](int id) { return id >= 0; }));
}

}  // namespace

// 20 words that are not special: 15 % are 3; of 3 words 0.45 of one, so the least, 1.
TEST_CASE("masked words: 15 % of the words are chosen, at least one, special tokens never") {
    std::vector<int> ids{cls};
    for (int i = 0; i < 20; ++i) ids.push_back(100 + i);
    ids.push_back(sep);
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const MaskedWords words = mask_words(ids, masking(), seed);
        REQUIRE(words.ids.size() == ids.size());
        CHECK(counted(words.targets) == 3);
        for (std::size_t t = 0; t < ids.size(); ++t) {
            const bool special = t == 0 || t + 1 == ids.size();
            if (special || words.targets[t] < 0) {
                CHECK(words.ids[t] == ids[t]);
                CHECK(words.targets[t] == -1);
            } else {
                CHECK(words.targets[t] == ids[t]);
            }
        }
    }
    CHECK(counted(mask_words(std::vector{cls, 9, 8, 7, sep}, masking(), 5).targets) == 1);
    CHECK(counted(mask_words(std::vector{cls, sep}, masking(), 5).targets) == 0);
    CHECK(mask_words({}, masking(), 5).ids.empty());
}

// Of 15,000 chosen words the share that is masked deviates from 0.8 by sqrt(0.16 / 15000) = 0.0033,
// of those that stay (or are drawn again, one in a thousand) from 0.1 by 0.0025: four times that.
TEST_CASE("masked words: of the chosen 80 % become [MASK], 10 % any word, 10 % stay") {
    std::vector<int> ids(100000);
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = 10 + static_cast<int>(i % 900);
    const MaskedWords words = mask_words(ids, masking(), 7);
    std::size_t hidden = 0, same = 0;
    std::vector<int> seen(1000);
    for (std::size_t t = 0; t < ids.size(); ++t) {
        if (words.targets[t] < 0) continue;
        if (words.ids[t] == mask) {
            ++hidden;
        } else if (words.ids[t] == ids[t]) {
            ++same;
        } else {
            ++seen[static_cast<std::size_t>(words.ids[t])];
        }
    }
    CHECK(counted(words.targets) == 15000);
    CHECK(std::abs(double(hidden) / 15000 - 0.8) < 0.0132);
    CHECK(std::abs(double(same) / 15000 - 0.1001) < 0.01);
    // About 1,500 draws among 1,000 words: 1000 (1 - e^-1.5) = 777 different ones.
    const auto different = std::count_if(seen.begin(), seen.end(), [](int n) { return n > 0; });
    CHECK(different > 700);
    CHECK(different < 850);
}

TEST_CASE("masked words: every place is chosen equally often") {
    const std::vector<int> ids{10, 11, 12, 13, 14, 15, 16, 17, 18, 19};
    Masking one = masking();
    one.chosen = 0.1;
    std::vector<int> times(10);
    for (std::uint64_t seed = 0; seed < 10000; ++seed) {
        const MaskedWords words = mask_words(ids, one, seed);
        for (std::size_t t = 0; t < 10; ++t) times[t] += words.targets[t] >= 0 ? 1 : 0;
    }
    for (const int each : times) CHECK(std::abs(each - 1000) < 120);  // deviation 30
}

TEST_CASE("masked words: the seed alone decides") {
    const std::vector<int> ids(50, 42);
    const MaskedWords a = mask_words(ids, masking(), 3), b = mask_words(ids, masking(), 3);
    CHECK(a.ids == b.ids);
    CHECK(a.targets == b.targets);
    CHECK(mask_words(ids, masking(), 4).targets != a.targets);
}

TEST_CASE("masked words: shares that make no sense and a [MASK] that is no token are refused") {
    Masking wrong = masking();
    wrong.random = 0.3;
    CHECK_THROWS_AS(mask_words({}, wrong, 0), ArgumentError);
    wrong = masking();
    wrong.chosen = 1.5;
    CHECK_THROWS_AS(mask_words({}, wrong, 0), ArgumentError);
    wrong = masking();
    wrong.mask_id = 1000;
    CHECK_THROWS_AS(mask_words({}, wrong, 0), ArgumentError);
}
