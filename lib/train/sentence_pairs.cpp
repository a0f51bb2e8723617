#include "train/sentence_pairs.h"

#include <algorithm>

#include "tensor/error.h"
#include "tensor/random.h"

namespace vitrine::train {

namespace {

std::size_t pick(Random& random, std::size_t n) {
    return static_cast<std::size_t>(random.below(n));
}

void check(std::span<const Sentences> documents, std::size_t document, std::size_t sentence,
           const Pairing& pairing) {
    if (documents.size() < 2) {
        throw ArgumentError("documents", "at least two", std::to_string(documents.size()));
    }
    for (const Sentences& each : documents) {
        if (each.empty()) throw ArgumentError("document", "at least one sentence", "none");
    }
    if (document >= documents.size() || sentence + 1 >= documents[document].size()) {
        throw ArgumentError(
            "sentence", "one that another follows in its document",
            "sentence " + std::to_string(sentence) + " of document " + std::to_string(document));
    }
    if (pairing.length < 5) {
        throw ArgumentError("length", "at least 5: [CLS] a [SEP] b [SEP]",
                            std::to_string(pairing.length));
    }
}

/// Takes words off the longer text, at an end that chance picks, until both have `most`.
void shorten(std::vector<int>& first, std::vector<int>& second, std::size_t most, Random& random) {
    while (first.size() + second.size() > most) {
        std::vector<int>& longer = first.size() > second.size() ? first : second;
        longer.erase(random.below(2) == 0 ? longer.begin() : longer.end() - 1);
    }
}

}  // namespace

SentencePair sentence_pair(std::span<const Sentences> documents, std::size_t document,
                           std::size_t sentence, const Pairing& pairing, std::uint64_t seed) {
    check(documents, document, sentence, pairing);
    Random random(seed);
    SentencePair pair;
    std::vector<int> first = documents[document][sentence], second;
    pair.follows = random.below(2) == 0 ? 0 : 1;
    if (pair.follows == 0) {
        second = documents[document][sentence + 1];
    } else {
        const std::size_t among_others = pick(random, documents.size() - 1);
        const Sentences& other = documents[among_others + (among_others >= document ? 1 : 0)];
        second = other[pick(random, other.size())];
    }
    shorten(first, second, static_cast<std::size_t>(pairing.length) - 3, random);
    pair.ids.push_back(pairing.begin_id);
    pair.ids.insert(pair.ids.end(), first.begin(), first.end());
    pair.ids.push_back(pairing.separator_id);
    pair.types.assign(pair.ids.size(), 0);
    pair.ids.insert(pair.ids.end(), second.begin(), second.end());
    pair.ids.push_back(pairing.separator_id);
    pair.types.resize(pair.ids.size(), 1);
    return pair;
}

Batch masked_batch(std::span<const SentencePair> pairs, const Masking& masking, int padding_id,
                   std::uint64_t seed) {
    Batch batch;
    for (const SentencePair& pair : pairs)
        batch.T = std::max(batch.T, static_cast<Index>(pair.ids.size()));
    for (const SentencePair& pair : pairs) {
        seed += golden_step;
        const MaskedWords words = mask_words(pair.ids, masking, mix_bits(seed));
        const std::size_t end = batch.ids.size() + static_cast<std::size_t>(batch.T);
        const auto append = [end](std::vector<int>& to, const std::vector<int>& row, int padding) {
            to.insert(to.end(), row.begin(), row.end());
            to.resize(end, padding);
        };
        append(batch.ids, words.ids, padding_id);
        append(batch.targets, words.targets, -1);
        append(batch.types, pair.types, 0);
        append(batch.mask, std::vector<int>(pair.ids.size(), 1), 0);
        batch.follows.push_back(pair.follows);
    }
    return batch;
}

}  // namespace vitrine::train
