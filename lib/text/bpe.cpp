#include "text/bpe.h"

#include <algorithm>
#include <bit>
#include <queue>

namespace vitrine {

namespace {

constexpr std::size_t short_word = 24;  // ids: up to here looking at all pairs again is faster

std::uint64_t pair_of(int left, int right) {
    return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32U) |
           static_cast<std::uint32_t>(right);
}

/// The rule of least rank among neighbours; -1 if none fits.
std::size_t best_pair(const std::vector<MergeTable::Rule>& rules) {
    std::size_t best = rules.size();
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (rules[i].rank >= 0 && (best == rules.size() || rules[i].rank < rules[best].rank))
            best = i;
    }
    return best;
}

void merge_short(const MergeTable& table, std::vector<int>& ids, const OnMerge* on_merge) {
    thread_local std::vector<MergeTable::Rule> rules;  // of each pair of neighbours
    rules.clear();
    for (std::size_t i = 0; i + 1 < ids.size(); ++i)
        rules.push_back(table.find(ids[i], ids[i + 1]));
    for (std::size_t at = best_pair(rules); at < rules.size(); at = best_pair(rules)) {
        const int rank = rules[at].rank;
        ids[at] = rules[at].result;
        ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(at) + 1);
        rules.erase(rules.begin() + static_cast<std::ptrdiff_t>(at));
        if (at > 0) rules[at - 1] = table.find(ids[at - 1], ids[at]);
        if (at < rules.size()) rules[at] = table.find(ids[at], ids[at + 1]);
        if (on_merge != nullptr) (*on_merge)(rank, at, ids);
    }
}

/// A pair that may be merged: an entry goes stale when one of its pieces has changed since.
struct Candidate {
    int rank;
    std::size_t position;
    int left, right, result;
    bool operator>(const Candidate& other) const {
        return rank != other.rank ? rank > other.rank : position > other.position;
    }
};

void merge_long(const MergeTable& table, std::vector<int>& ids) {
    const std::size_t n = ids.size();
    const std::size_t none = n;
    std::vector<std::size_t> next(n), previous(n);
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
    const auto offer = [&](std::size_t left, std::size_t right) {
        if (left == none || right == none) return;
        const MergeTable::Rule rule = table.find(ids[left], ids[right]);
        if (rule.rank >= 0) queue.push({rule.rank, left, ids[left], ids[right], rule.result});
    };
    for (std::size_t i = 0; i < n; ++i) {
        previous[i] = i == 0 ? none : i - 1;
        next[i] = i + 1;
    }
    for (std::size_t i = 0; i + 1 < n; ++i) offer(i, i + 1);
    constexpr int gone = -1;
    while (!queue.empty()) {
        const Candidate candidate = queue.top();
        queue.pop();
        const std::size_t left = candidate.position;
        if (ids[left] != candidate.left || next[left] == none) continue;
        const std::size_t right = next[left];
        if (ids[right] != candidate.right) continue;
        ids[left] = candidate.result;
        ids[right] = gone;
        next[left] = next[right];
        if (next[left] != none) previous[next[left]] = left;
        offer(previous[left], left);
        offer(left, next[left]);
    }
    ids.erase(std::remove(ids.begin(), ids.end(), gone), ids.end());
}

}  // namespace

MergeTable::MergeTable(const std::vector<Merge>& merges) {
    const std::size_t slots = std::bit_ceil(std::max<std::size_t>(16, 2 * merges.size()));
    slots_.resize(slots);
    shift_ = 64U - static_cast<unsigned>(std::countr_zero(slots));
    for (std::size_t rank = 0; rank < merges.size(); ++rank) {
        const Merge& merge = merges[rank];
        Slot& slot = slots_[slot_of(pair_of(merge.left, merge.right))];
        if (slot.pair == empty) ++count_;
        slot = {pair_of(merge.left, merge.right), static_cast<int>(rank), merge.result};
    }
}

std::size_t MergeTable::slot_of(std::uint64_t pair) const {
    std::size_t i = (pair * 0x9e3779b97f4a7c15U) >> shift_;
    while (slots_[i].pair != pair && slots_[i].pair != empty) i = (i + 1) & (slots_.size() - 1);
    return i;
}

MergeTable::Rule MergeTable::find(int left, int right) const {
    const Slot& slot = slots_[slot_of(pair_of(left, right))];
    return slot.pair == empty ? Rule{} : Rule{slot.rank, slot.result};
}

void merge_pieces(const MergeTable& table, std::vector<int>& ids) {
    if (ids.size() <= short_word) {
        merge_short(table, ids, nullptr);
    } else {
        merge_long(table, ids);
    }
}

void merge_pieces(const MergeTable& table, std::vector<int>& ids, const OnMerge& on_merge) {
    merge_short(table, ids, &on_merge);
}

}  // namespace vitrine
