#include "text/unigram_lattice.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "text/utf8.h"

namespace vitrine {

namespace {

constexpr double minus_infinity = -std::numeric_limits<double>::infinity();
constexpr double unknown_penalty = 10;

/// log(exp(a) + exp(b)).
double log_add(double a, double b) {
    if (a < b) std::swap(a, b);
    return a - b > 50 ? a : a + std::log1p(std::exp(b - a));  // exp(-50) is lost in a double
}

}  // namespace

UnigramPieces::UnigramPieces(std::span<const ScoredPiece> pieces) {
    double least = 0;
    scores_.reserve(pieces.size());
    for (const ScoredPiece& piece : pieces) {
        if (!piece.text.empty()) trie_.insert(piece.text, static_cast<int>(scores_.size()));
        scores_.push_back(piece.score);
        least = std::min(least, piece.score);
    }
    unknown_ = least - unknown_penalty;
}

std::size_t UnigramPieces::character_end(std::string_view text, std::size_t at) {
    return at + static_cast<std::size_t>(std::max(1, read_code_point(text, at).bytes));
}

double log_likelihood(const UnigramPieces& pieces, std::string_view word, LatticeMemory& memory,
                      double count, std::vector<double>* expected) {
    std::vector<LatticeMemory::Edge>& edges = memory.edges;
    std::vector<double>& forward = memory.forward;
    std::vector<double>& backward = memory.backward;
    forward.assign(word.size() + 1, minus_infinity);
    forward[0] = 0;
    edges.clear();
    for (std::size_t at = 0; at < word.size(); ++at) {
        if (forward[at] == minus_infinity) continue;  // inside a character
        pieces.for_each_at(word, at, [&](std::size_t end, int piece) {
            forward[end] = log_add(forward[end], forward[at] + pieces.score(piece));
            edges.push_back({at, end, piece});
        });
    }
    const double total = forward[word.size()];
    if (expected == nullptr) return total;
    backward.assign(word.size() + 1, minus_infinity);
    backward[word.size()] = 0;
    for (auto edge = edges.rbegin(); edge != edges.rend(); ++edge) {
        const double through = pieces.score(edge->piece) + backward[edge->end];
        backward[edge->begin] = log_add(backward[edge->begin], through);
        if (edge->piece < 0) continue;
        const double probability = std::exp(forward[edge->begin] + through - total);
        (*expected)[static_cast<std::size_t>(edge->piece)] += count * probability;
    }
    return total;
}

double best_path(const UnigramPieces& pieces, std::string_view word, LatticeMemory& memory,
                 bool without_whole) {
    std::vector<double>& score = memory.forward;
    score.assign(word.size() + 1, minus_infinity);
    memory.best_piece.assign(word.size() + 1, -1);
    memory.best_begin.assign(word.size() + 1, 0);
    score[0] = 0;
    for (std::size_t at = 0; at < word.size(); ++at) {
        if (score[at] == minus_infinity) continue;
        pieces.for_each_at(word, at, [&](std::size_t end, int piece) {
            if (without_whole && at == 0 && end == word.size()) return;
            const double through = score[at] + pieces.score(piece);
            if (through <= score[end]) return;
            score[end] = through;
            memory.best_piece[end] = piece;
            memory.best_begin[end] = at;
        });
    }
    memory.path.clear();
    if (score[word.size()] == minus_infinity) return minus_infinity;
    for (std::size_t end = word.size(); end > 0; end = memory.best_begin[end])
        memory.path.push_back(memory.best_piece[end]);
    std::reverse(memory.path.begin(), memory.path.end());
    return score[word.size()];
}

}  // namespace vitrine
