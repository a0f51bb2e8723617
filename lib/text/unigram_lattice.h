// All ways to make a word of pieces: the sum of their probabilities, and the best of them.
// Source: Kudo 2018, section 3.1; sentencepiece, unigram_model.cc.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "text/byte_trie.h"
#include "text/unigram_seed.h"

namespace vitrine {

/// The pieces of a unigram language model, found by what a text goes on with.
class UnigramPieces {
   public:
    UnigramPieces() = default;
    /// @param pieces  scores are natural logarithms of probabilities
    explicit UnigramPieces(std::span<const ScoredPiece> pieces);

    /// Calls each(end, piece) for every piece that starts at byte `at`; a character that is no
    /// piece is one of its own, -1.
    template <class Each>
    void for_each_at(std::string_view text, std::size_t at, Each each) const {
        const std::size_t character = character_end(text, at);
        bool has_character = false;
        ByteTrie::Node node = ByteTrie::root;
        for (std::size_t end = at; end < text.size();) {
            node = trie_.next(node, text[end++]);
            if (node == ByteTrie::nowhere) break;
            const int piece = trie_.value(node);
            if (piece < 0) continue;
            has_character = has_character || end == character;
            each(end, piece);
        }
        if (!has_character) each(character, -1);
    }
    /// Of a piece, or of an unknown character (-1): 10 less than the least likely piece.
    double score(int piece) const {
        return piece < 0 ? unknown_ : scores_[static_cast<std::size_t>(piece)];
    }
    std::size_t size() const { return scores_.size(); }

   private:
    static std::size_t character_end(std::string_view text, std::size_t at);
    ByteTrie trie_;
    std::vector<double> scores_;
    double unknown_ = 0;
};

/// What the functions below keep from word to word. One thread at a time.
struct LatticeMemory {
    struct Edge {
        std::size_t begin = 0, end = 0;
        int piece = 0;
    };
    std::vector<Edge> edges;
    std::vector<double> forward, backward;  // by byte
    std::vector<int> best_piece;
    std::vector<std::size_t> best_begin;
    std::vector<int> path;
};

/// The logarithm of the probability of a word, all ways to make it together.
/// @param expected  if given, gets `count` times how often each piece is used on average
double log_likelihood(const UnigramPieces& pieces, std::string_view word, LatticeMemory& memory,
                      double count = 1, std::vector<double>* expected = nullptr);

/// The pieces of the most probable way, in memory.path; -1 is an unknown character.
/// @param without_whole  the word as one piece does not count
/// @return the logarithm of its probability; -infinity if there is no way
double best_path(const UnigramPieces& pieces, std::string_view word, LatticeMemory& memory,
                 bool without_whole = false);

}  // namespace vitrine
