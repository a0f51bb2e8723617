#include "text/unigram_trainer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>

#include "tensor/error.h"
#include "text/unigram_lattice.h"
#include "text/utf8.h"

namespace vitrine {

namespace {

using Counts = std::vector<double>;  // by piece

/// The words are shared out among so many blocks, whatever the number of cores, so that sums are
/// added in the same order on every machine.
constexpr std::size_t blocks = 8;
constexpr std::size_t longest_word = 4096;  // bytes; a longer one is taken in parts

/// The derivative of log gamma. Source: sentencepiece, Digamma().
double digamma(double x) {
    double result = 0;
    for (; x < 7; ++x) result -= 1 / x;
    x -= 0.5;
    const double square = 1 / (x * x);
    const double fourth = square * square;
    return result + std::log(x) + square / 24 - 7 * fourth / 960 + 31 * fourth * square / 8064 -
           127 * fourth * fourth / 30720;
}

double log_or_zero(double x) {
    return std::log(std::max(x, 1e-300));
}

template <class Each>
void for_each_character(const std::string& text, Each each) {
    for (std::size_t at = 0; at < text.size();) {
        const auto length = static_cast<std::size_t>(std::max(1, read_code_point(text, at).bytes));
        each(text.substr(at, length));
        at += length;
    }
}

/// The characters that are to be pieces, with their counts: the most frequent, until they make up
/// the wanted share of the text.
std::map<std::string, std::int64_t> covered_characters(const std::vector<WordCount>& words,
                                                       double coverage) {
    std::map<std::string, std::int64_t> counts;
    std::int64_t all = 0;
    for (const WordCount& word : words) {
        for_each_character(word.word, [&](const std::string& character) {
            counts[character] += word.count;
            all += word.count;
        });
    }
    std::vector<std::pair<std::int64_t, std::string>> order;
    order.reserve(counts.size());
    for (const auto& [character, count] : counts) order.emplace_back(-count, character);
    std::sort(order.begin(), order.end());
    std::map<std::string, std::int64_t> kept;
    std::int64_t covered = 0;
    for (const auto& [negative, character] : order) {
        const double share = static_cast<double>(covered) / static_cast<double>(all);
        if (share >= coverage) break;
        kept[character] = -negative;
        covered -= negative;
    }
    return kept;
}

/// The words without characters that are not covered, which cost the same whatever the pieces are:
/// what lies between them counts as words.
std::vector<WordCount> covered_words(const std::vector<WordCount>& words,
                                     const std::map<std::string, std::int64_t>& characters) {
    std::vector<WordCount> result;
    for (const WordCount& word : words) {
        std::string part;
        const auto end_part = [&] {
            if (!part.empty()) result.push_back({part, word.count});
            part.clear();
        };
        for_each_character(word.word, [&](const std::string& character) {
            const bool is_covered = characters.contains(character);
            if (!is_covered || part.size() >= longest_word) end_part();
            if (is_covered) part += character;
        });
        end_part();
    }
    return result;
}

class UnigramTraining {
   public:
    UnigramTraining(const std::vector<WordCount>& words, const UnigramTrainerOptions& options)
        : options_(options),
          characters_(covered_characters(words, options.coverage)),
          words_(covered_words(words, characters_)) {
        if (static_cast<Index>(characters_.size()) > options.pieces) {
            throw ArgumentError(
                "vocabulary size",
                "room for the " + std::to_string(characters_.size()) + " characters of the texts",
                std::to_string(options.pieces), "or a smaller share of the characters");
        }
        pieces_ = seed_pieces(words_, options.seeds, options.longest);
        double sum = 0;
        for (const ScoredPiece& piece : pieces_) sum += piece.score;
        for (ScoredPiece& piece : pieces_) piece.score = std::log(piece.score / sum);
    }

    std::vector<ScoredPiece> run(const TrainerProgress& progress) {
        const auto wanted = static_cast<std::size_t>(1.1 * static_cast<double>(options_.pieces));
        const std::size_t most = pieces_.size();
        while (true) {
            for (int i = 0; i < options_.iterations; ++i) maximise(expectations());
            if (progress) {
                progress("pieces pruned", static_cast<Index>(most - pieces_.size()),
                         static_cast<Index>(most - std::min(most, wanted)));
            }
            if (pieces_.size() <= wanted) break;
            prune(wanted);
        }
        return final_pieces();
    }

   private:
    /// Calls work(word, memory, block) for all words on all cores, a block on one core.
    template <class Work>
    void for_each_word(Work work) const {
#pragma omp parallel for schedule(dynamic)
        for (std::size_t block = 0; block < blocks; ++block) {
            LatticeMemory memory;
            for (std::size_t i = block; i < words_.size(); i += blocks)
                work(words_[i], memory, block);
        }
    }

    /// How often each piece is used on average over all ways to make the words.
    Counts expectations() const {
        const UnigramPieces pieces(pieces_);
        std::array<Counts, blocks> partial;
        partial.fill(Counts(pieces_.size()));
        for_each_word([&](const WordCount& word, LatticeMemory& memory, std::size_t block) {
            log_likelihood(pieces, word.word, memory, static_cast<double>(word.count),
                           &partial[block]);
        });
        return sum_of(partial);
    }
    static Counts sum_of(std::array<Counts, blocks>& partial) {
        for (std::size_t block = 1; block < blocks; ++block) {
            std::transform(partial[block].begin(), partial[block].end(), partial[0].begin(),
                           partial[0].begin(), std::plus<>());
        }
        return std::move(partial[0]);
    }

    /// New probabilities from the expected counts. The digamma function in the place of the
    /// logarithm favours few pieces (Liang and Klein 2007).
    void maximise(const Counts& expected) {
        constexpr double least = 0.5;  // expected count of a piece that stays
        std::vector<ScoredPiece> kept;
        double sum = 0;
        for (std::size_t i = 0; i < pieces_.size(); ++i) {
            if (expected[i] < least) continue;
            kept.push_back({std::move(pieces_[i].text), expected[i]});
            sum += expected[i];
        }
        for (ScoredPiece& piece : kept) piece.score = digamma(piece.score) - digamma(sum);
        pieces_ = std::move(kept);
    }

    /// Takes away the pieces whose loss costs least: each is thought to be replaced by the best way
    /// to make it of others.
    void prune(std::size_t wanted) {
        const UnigramPieces pieces(pieces_);
        std::array<Counts, blocks> partial;
        partial.fill(Counts(pieces_.size()));
        for_each_word([&](const WordCount& word, LatticeMemory& memory, std::size_t block) {
            best_path(pieces, word.word, memory);
            for (const int piece : memory.path) {
                if (piece >= 0)
                    partial[block][static_cast<std::size_t>(piece)] +=
                        static_cast<double>(word.count);
            }
        });
        const Counts used = sum_of(partial);
        const double sum = std::accumulate(used.begin(), used.end(), 0.0);

        std::vector<bool> stays(pieces_.size());
        std::vector<std::pair<double, std::size_t>> losses;  // negative, to sort the dearest first
        std::size_t count = 0;
        LatticeMemory memory;
        for (std::size_t i = 0; i < pieces_.size(); ++i) {
            if (used[i] == 0) continue;
            const double other = best_path(pieces, pieces_[i].text, memory, true);
            if (memory.path.empty()) {  // no other way
                stays[i] = true;
                ++count;
            } else if (other <= pieces_[i].score) {
                losses.emplace_back(-loss(used, sum, i, memory.path), i);
            }
        }
        const auto left = std::max(
            wanted, static_cast<std::size_t>(options_.kept * static_cast<double>(pieces_.size())));
        std::sort(losses.begin(), losses.end());
        for (std::size_t i = 0; i < losses.size() && count < left; ++i, ++count)
            stays[losses[i].second] = true;
        std::vector<ScoredPiece> kept;
        for (std::size_t i = 0; i < pieces_.size(); ++i) {
            if (stays[i]) kept.push_back(std::move(pieces_[i]));
        }
        pieces_ = std::move(kept);
    }
    static double loss(const Counts& used, double sum, std::size_t piece,
                       const std::vector<int>& others) {
        const double before = std::log(used[piece] / sum);
        const double new_sum = sum + used[piece] * (static_cast<double>(others.size()) - 1);
        double after = 0;
        for (const int other : others) {
            const double of_other = other < 0 ? 0 : used[static_cast<std::size_t>(other)];
            after += log_or_zero(of_other + used[piece]) - std::log(new_sum);
        }
        return used[piece] * (before - after);
    }

    /// All characters, then the most probable pieces.
    std::vector<ScoredPiece> final_pieces() {
        constexpr double penalty = 0.0001;  // a step between characters that were pruned
        std::unordered_map<std::string, double> scores;
        double least = 0;
        for (const ScoredPiece& piece : pieces_) {
            scores[piece.text] = piece.score;
            least = std::min(least, piece.score);
        }
        std::vector<std::pair<std::int64_t, std::string>> order;
        for (const auto& [character, count] : characters_) order.emplace_back(-count, character);
        std::sort(order.begin(), order.end());
        std::vector<ScoredPiece> result;
        double pruned = 0;
        for (const auto& [count, character] : order) {
            const auto found = scores.find(character);
            const bool is_there = found != scores.end();
            result.push_back({character, is_there ? found->second : least - pruned});
            if (!is_there) pruned += penalty;
        }
        const auto likelier = [](const ScoredPiece& a, const ScoredPiece& b) {
            return a.score != b.score ? a.score > b.score : a.text < b.text;
        };
        std::sort(pieces_.begin(), pieces_.end(), likelier);
        for (const ScoredPiece& piece : pieces_) {
            if (static_cast<Index>(result.size()) == options_.pieces) break;
            if (!characters_.contains(piece.text)) result.push_back(piece);
        }
        std::sort(result.begin(), result.end(), likelier);
        return result;
    }

    const UnigramTrainerOptions& options_;
    std::map<std::string, std::int64_t> characters_;
    std::vector<WordCount> words_;
    std::vector<ScoredPiece> pieces_;
};

}  // namespace

std::vector<ScoredPiece> train_unigram(const std::vector<WordCount>& words,
                                       const UnigramTrainerOptions& options,
                                       const TrainerProgress& progress) {
    return UnigramTraining(words, options).run(progress);
}

}  // namespace vitrine
