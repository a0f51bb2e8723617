#include "text/merge.h"

#include <algorithm>
#include <array>
#include <climits>
#include <queue>

namespace vitrine {

namespace {

constexpr std::size_t short_piece = 32;  // symbols: up to here scanning is faster than a heap

/// A pair that may be joined. It has gone stale when one of its symbols has changed since.
struct Candidate {
    int rank = 0;
    std::uint32_t place = 0;  // of the left symbol
    int left = 0, right = 0;  // ids
    int result = 0;
    bool operator>(const Candidate& other) const {
        return rank != other.rank ? rank > other.rank : place > other.place;
    }
};

/// The symbols of a piece as a linked list, and the pairs that may be joined in order.
class MergeHeap {
   public:
    MergeHeap(const MergeTable& table, std::vector<Symbol>& symbols)
        : table_(table), symbols_(symbols), next_(symbols.size()), previous_(symbols.size()) {
        const auto n = static_cast<std::uint32_t>(symbols.size());
        for (std::uint32_t i = 0; i < n; ++i) {
            previous_[i] = i == 0 ? none : i - 1;
            next_[i] = i + 1 == n ? none : i + 1;
        }
        for (std::uint32_t i = 0; i + 1 < n; ++i) offer(i);
    }

    std::size_t run() {
        while (!queue_.empty()) {
            const Candidate candidate = queue_.top();
            queue_.pop();
            if (is_current(candidate)) join(candidate);
        }
        std::erase_if(symbols_, [](const Symbol& symbol) { return symbol.id == gone; });
        return lookups_;
    }

   private:
    static constexpr std::uint32_t none = UINT32_MAX;
    static constexpr int gone = -1;

    void offer(std::uint32_t left) {
        if (left == none || next_[left] == none) return;
        const int a = symbols_[left].id;
        const int b = symbols_[next_[left]].id;
        const RankedMerge rule = table_.find(a, b);
        ++lookups_;
        if (rule.rank >= 0) queue_.push({rule.rank, left, a, b, rule.result});
    }
    bool is_current(const Candidate& candidate) const {
        const std::uint32_t right = next_[candidate.place];
        return symbols_[candidate.place].id == candidate.left && right != none &&
               symbols_[right].id == candidate.right;
    }
    void join(const Candidate& candidate) {
        const std::uint32_t left = candidate.place;
        const std::uint32_t right = next_[left];
        symbols_[left] = {candidate.result, symbols_[left].bytes + symbols_[right].bytes};
        symbols_[right].id = gone;
        next_[left] = next_[right];
        if (next_[left] != none) previous_[next_[left]] = left;
        offer(previous_[left]);
        offer(left);
    }

    const MergeTable& table_;
    std::vector<Symbol>& symbols_;
    std::vector<std::uint32_t> next_, previous_;
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue_;
    std::size_t lookups_ = 0;
};

/// Scanning over rules[0 .. pairs): the rule of each pair of neighbours.
std::size_t scan(const MergeTable& table, std::vector<Symbol>& symbols, RankedMerge* rules,
                 const OnMerge* on_merge) {
    std::size_t n = symbols.size();
    std::size_t lookups = 0;
    const auto look_up = [&](std::size_t i) {
        rules[i] = table.find(symbols[i].id, symbols[i + 1].id);
        if (rules[i].rank < 0) rules[i].rank = INT_MAX;
        ++lookups;
    };
    for (std::size_t i = 0; i + 1 < n; ++i) look_up(i);
    while (n > 1) {
        std::size_t best = 0;
        for (std::size_t i = 1; i + 1 < n; ++i) {
            if (rules[i].rank < rules[best].rank) best = i;
        }
        const RankedMerge rule = rules[best];
        if (rule.rank == INT_MAX) break;
        symbols[best] = {rule.result, symbols[best].bytes + symbols[best + 1].bytes};
        std::copy(&symbols[best] + 2, symbols.data() + n, &symbols[best] + 1);
        std::copy(rules + best + 1, rules + n - 1, rules + best);
        --n;
        if (best > 0) look_up(best - 1);
        if (best + 1 < n) look_up(best);
        if (on_merge != nullptr) (*on_merge)(rule.rank, best, {symbols.data(), n});
    }
    symbols.resize(n);
    return lookups;
}

}  // namespace

std::size_t merge_symbols(const MergeTable& table, std::vector<Symbol>& symbols) {
    if (symbols.size() > short_piece) return merge_by_heap(table, symbols);
    std::array<RankedMerge, short_piece> rules;
    return scan(table, symbols, rules.data(), nullptr);
}

std::size_t merge_by_scanning(const MergeTable& table, std::vector<Symbol>& symbols,
                              const OnMerge& on_merge) {
    std::vector<RankedMerge> rules(symbols.size());
    return scan(table, symbols, rules.data(), on_merge ? &on_merge : nullptr);
}

std::size_t merge_by_heap(const MergeTable& table, std::vector<Symbol>& symbols) {
    return MergeHeap(table, symbols).run();
}

}  // namespace vitrine
