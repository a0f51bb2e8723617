#include "train/masked_words.h"

#include <algorithm>
#include <cmath>

#include "tensor/error.h"
#include "tensor/random.h"

namespace vitrine::train {

namespace {

void check(const Masking& masking) {
    if (masking.mask_id < 0 || masking.mask_id >= masking.vocabulary) {
        throw ArgumentError("mask_id", "0 to " + std::to_string(masking.vocabulary - 1),
                            std::to_string(masking.mask_id));
    }
    const bool shares = masking.chosen >= 0 && masking.chosen <= 1 && masking.masked >= 0 &&
                        masking.random >= 0 && masking.masked + masking.random <= 1;
    if (shares) return;
    throw ArgumentError("shares of the masking",
                        "numbers from 0 to 1, masked and random at most 1 together",
                        std::to_string(masking.chosen) + ", " + std::to_string(masking.masked) +
                            " and " + std::to_string(masking.random));
}

/// Places of the words that may be chosen.
std::vector<std::size_t> candidates_of(std::span<const int> ids, const std::vector<int>& special) {
    std::vector<std::size_t> places;
    for (std::size_t t = 0; t < ids.size(); ++t) {
        if (std::find(special.begin(), special.end(), ids[t]) == special.end()) places.push_back(t);
    }
    return places;
}

}  // namespace

MaskedWords mask_words(std::span<const int> ids, const Masking& masking, std::uint64_t seed) {
    check(masking);
    MaskedWords result{{ids.begin(), ids.end()}, std::vector<int>(ids.size(), -1)};
    std::vector<std::size_t> places = candidates_of(ids, masking.special);
    if (places.empty() || masking.chosen <= 0) return result;
    const auto wanted = std::lround(masking.chosen * static_cast<double>(places.size()));
    const auto count = static_cast<std::size_t>(std::max(1L, wanted));
    Random random(seed);
    for (std::size_t i = 0; i < count; ++i) {  // the first `count` of a shuffle
        std::swap(places[i], places[i + static_cast<std::size_t>(random.below(places.size() - i))]);
        const std::size_t t = places[i];
        result.targets[t] = ids[t];
        const double what = random.uniform();
        if (what < masking.masked) {
            result.ids[t] = masking.mask_id;
        } else if (what < masking.masked + masking.random) {
            const auto any = random.below(static_cast<std::uint64_t>(masking.vocabulary));
            result.ids[t] = static_cast<int>(any);
        }
    }
    return result;
}

}  // namespace vitrine::train
