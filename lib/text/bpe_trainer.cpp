#include "text/bpe_trainer.h"

#include <algorithm>
#include <map>
#include <queue>
#include <set>
#include <unordered_map>

#include "tensor/error.h"
#include "text/byte_alphabet.h"
#include "text/utf8.h"

namespace vitrine {

namespace {

/// Calls `each(character, is_first, is_last)` for the characters of a word.
template <class Each>
void for_each_character(const std::string& word, bool byte_level, Each each) {
    std::string character;
    for (std::size_t at = 0; at < word.size();) {
        const bool is_first = at == 0;
        character.clear();
        if (byte_level) {
            append_code_point(character, byte_character(static_cast<unsigned char>(word[at++])));
        } else {
            const auto length =
                static_cast<std::size_t>(std::max(1, read_code_point(word, at).bytes));
            character = word.substr(at, length);
            at += length;
        }
        each(character, is_first, at == word.size());
    }
}

/// The tokens, and the ids by their spelling.
class Tokens {
   public:
    int add(const std::string& token) {
        const auto [found, is_new] = ids_.emplace(token, static_cast<int>(tokens_.size()));
        if (is_new) tokens_.push_back(token);
        return found->second;
    }
    int find(const std::string& token) const {
        const auto found = ids_.find(token);
        return found == ids_.end() ? -1 : found->second;
    }
    Index size() const { return static_cast<Index>(tokens_.size()); }
    const std::string& operator[](int id) const { return tokens_[static_cast<std::size_t>(id)]; }
    std::vector<std::string> release() { return std::move(tokens_); }

   private:
    std::vector<std::string> tokens_;
    std::unordered_map<std::string, int> ids_;
};

/// The characters that become tokens, by code point, which for UTF-8 is the order of bytes.
std::set<std::string> alphabet_of(const std::vector<WordCount>& words,
                                  const BpeTrainerOptions& options) {
    std::set<std::string> alphabet;
    if (options.byte_level) {
        for (unsigned byte = 0; byte < 256; ++byte) {
            std::string character;
            append_code_point(character, byte_character(static_cast<unsigned char>(byte)));
            alphabet.insert(character);
        }
        return alphabet;
    }
    std::map<std::string, std::int64_t> counts;
    for (const WordCount& word : words) {
        for_each_character(word.word, false, [&](const std::string& character, bool, bool) {
            counts[character] += word.count;
        });
    }
    std::vector<std::pair<std::int64_t, std::string>> kept;
    kept.reserve(counts.size());
    for (const auto& [character, count] : counts) kept.emplace_back(-count, character);
    const auto limit = static_cast<std::size_t>(options.alphabet_limit);
    if (limit > 0 && kept.size() > limit) {
        std::sort(kept.begin(), kept.end());
        kept.resize(limit);
    }
    for (const auto& entry : kept) alphabet.insert(entry.second);
    return alphabet;
}

using Place = std::uint32_t;
constexpr Place none = UINT32_MAX;

/// The symbols of all words as one linked list, which no link leads out of a word.
struct Symbols {
    std::vector<int> id;  // -1: joined to the symbol before
    std::vector<Place> previous, next;
    std::vector<std::uint32_t> word;
};

/// Two neighbours, how often they are seen and where.
struct Pair {
    int left = 0, right = 0;
    std::int64_t count = 0;
    bool has_rule = false;
    bool has_grown = false;     // since it was last put into the queue
    std::vector<Place> places;  // of the left symbol; some may have gone stale
};

/// A pair as it was when it came into the queue. It has gone stale when its count has changed.
struct Candidate {
    std::int64_t count = 0;
    int left = 0, right = 0;
    std::uint32_t pair = 0;
    bool operator<(const Candidate& other) const {
        if (count != other.count) return count < other.count;
        if (left != other.left) return left > other.left;
        return right > other.right;
    }
};

class BpeTraining {
   public:
    BpeTraining(const std::vector<WordCount>& words, const BpeTrainerOptions& options)
        : words_(words), options_(options) {
        for (const std::string& token : options.first) tokens_.add(token);
        for (const std::string& character : alphabet_of(words, options)) tokens_.add(character);
        add_decorated_characters();
        if (tokens_.size() > options.vocabulary) {
            throw ArgumentError("vocabulary size",
                                "at least " + std::to_string(tokens_.size()) +
                                    ", the special tokens and the characters",
                                std::to_string(options.vocabulary));
        }
        lay_out_symbols();
        for (Place place = 0; place < symbols_.id.size(); ++place) {
            if (symbols_.next[place] != none) {
                grow(symbols_.id[place], symbols_.id[symbols_.next[place]], place);
            }
        }
        queue_grown_pairs();
    }

    TrainedBpe run(const TrainerProgress& progress) {
        while (tokens_.size() < options_.vocabulary && !queue_.empty()) {
            Candidate top = queue_.top();
            queue_.pop();
            const std::int64_t count = pairs_[top.pair].count;
            if (top.count != count) {
                top.count = count;
                queue_.push(top);
                continue;
            }
            if (count < std::max<std::int64_t>(1, options_.min_count)) break;
            join(top.pair);
            if (progress) progress("merges", tokens_.size(), options_.vocabulary);
        }
        return {tokens_.release(), std::move(merges_)};
    }

   private:
    std::string decorated(std::string character, bool is_first, bool is_last) const {
        if (!is_first) character = options_.prefix + character;
        if (is_last) character += options_.suffix;
        return character;
    }
    /// Characters inside and at the ends of words, which are tokens of their own.
    void add_decorated_characters() {
        if (options_.prefix.empty() && options_.suffix.empty()) return;
        std::set<std::string> seen;
        for (const WordCount& word : words_) {
            for_each_character(word.word, options_.byte_level,
                               [&](const std::string& character, bool is_first, bool is_last) {
                                   if (tokens_.find(character) < 0) return;
                                   seen.insert(decorated(character, is_first, is_last));
                               });
        }
        for (const std::string& character : seen) tokens_.add(character);
    }
    /// Characters that are no tokens are left out, as in tokenizers.
    void lay_out_symbols() {
        for (std::uint32_t word = 0; word < words_.size(); ++word) {
            Place previous = none;
            for_each_character(
                words_[word].word, options_.byte_level,
                [&](const std::string& character, bool is_first, bool is_last) {
                    if (tokens_.find(character) < 0) return;
                    const auto place = static_cast<Place>(symbols_.id.size());
                    if (place == none - 1) {
                        throw ArgumentError("words to train on", "fewer than 4 billion characters",
                                            "more");
                    }
                    symbols_.id.push_back(tokens_.find(decorated(character, is_first, is_last)));
                    symbols_.previous.push_back(previous);
                    symbols_.next.push_back(none);
                    symbols_.word.push_back(word);
                    if (previous != none) symbols_.next[previous] = place;
                    previous = place;
                });
        }
    }

    std::uint32_t pair_of(int left, int right) {
        const auto key = (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32U) |
                         static_cast<std::uint32_t>(right);
        const auto [found, is_new] =
            pair_index_.emplace(key, static_cast<std::uint32_t>(pairs_.size()));
        if (is_new) pairs_.push_back({left, right, 0, false, false, {}});
        return found->second;
    }
    std::int64_t count_at(Place place) const { return words_[symbols_.word[place]].count; }
    void grow(int left, int right, Place place) {
        const std::uint32_t index = pair_of(left, right);
        Pair& pair = pairs_[index];
        pair.count += count_at(place);
        pair.places.push_back(place);
        if (!pair.has_grown) grown_.push_back(index);
        pair.has_grown = true;
    }
    void shrink(int left, int right, Place place) {
        pairs_[pair_of(left, right)].count -= count_at(place);
    }
    void queue_grown_pairs() {
        for (const std::uint32_t index : grown_) {
            Pair& pair = pairs_[index];
            pair.has_grown = false;
            if (pair.count > 0) queue_.push({pair.count, pair.left, pair.right, index});
        }
        grown_.clear();
    }

    /// The token of two joined ones: "he" + "##llo" is "hello".
    int joined_token(int left, int right) {
        std::string second = tokens_[right];
        if (!options_.prefix.empty() && second.starts_with(options_.prefix)) {
            second.erase(0, options_.prefix.size());
        }
        return tokens_.add(tokens_[left] + second);
    }
    void join(std::uint32_t index) {
        const int left = pairs_[index].left;
        const int right = pairs_[index].right;
        const int result = joined_token(left, right);
        if (!pairs_[index].has_rule) merges_.push_back({left, right, result});
        pairs_[index].has_rule = true;
        std::vector<Place> places = std::move(pairs_[index].places);
        pairs_[index].places.clear();
        // Of overlapping pairs, as in "aaa", the first in the text is joined.
        std::sort(places.begin(), places.end());
        for (const Place place : places) {
            const Place second = symbols_.next[place];
            if (symbols_.id[place] == left && second != none && symbols_.id[second] == right) {
                join_at(place, second, result);
            }
        }
        pairs_[index].count = 0;
        queue_grown_pairs();
    }
    void join_at(Place place, Place second, int result) {
        const int left = symbols_.id[place];
        const int right = symbols_.id[second];
        const Place before = symbols_.previous[place];
        const Place after = symbols_.next[second];
        symbols_.id[place] = result;
        symbols_.id[second] = -1;
        symbols_.next[place] = after;
        if (before != none) {
            shrink(symbols_.id[before], left, place);
            grow(symbols_.id[before], result, before);
        }
        if (after != none) {
            symbols_.previous[after] = place;
            shrink(right, symbols_.id[after], place);
            grow(result, symbols_.id[after], place);
        }
    }

    const std::vector<WordCount>& words_;
    const BpeTrainerOptions& options_;
    Tokens tokens_;
    Symbols symbols_;
    std::vector<Pair> pairs_;
    std::unordered_map<std::uint64_t, std::uint32_t> pair_index_;
    std::vector<std::uint32_t> grown_;
    std::priority_queue<Candidate> queue_;
    std::vector<Merge> merges_;
};

}  // namespace

TrainedBpe train_bpe(const std::vector<WordCount>& words, const BpeTrainerOptions& options,
                     const TrainerProgress& progress) {
    return BpeTraining(words, options).run(progress);
}

}  // namespace vitrine
