// Byte pair encoding: the neighbours whose rule was learnt first are joined, until no rule fits.
// Source: Sennrich, Haddow and Birch 2016, section 3.2.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "text/merge_table.h"

namespace vitrine {

/// A part of a piece while it is being encoded.
struct Symbol {
    int id = 0;
    std::uint32_t bytes = 0;  // length of what it stands for; 0: the same as the symbol before
};

/// Told of every merge: its rank, the place of the joined symbol, and all symbols afterwards.
using OnMerge = std::function<void(int rank, std::size_t place, std::span<const Symbol> symbols)>;

/// Joins symbols in place: least rank first, leftmost among equals. Short pieces by looking at all
/// pairs again, long ones with a heap: n log n in their number.
/// @return  how often a rule was looked up, which is what the time grows with
std::size_t merge_symbols(const MergeTable& table, std::vector<Symbol>& symbols);

/// The two ways behind merge_symbols(), for tests, and for the replay that wants every step.
std::size_t merge_by_scanning(const MergeTable& table, std::vector<Symbol>& symbols,
                              const OnMerge& on_merge = {});
std::size_t merge_by_heap(const MergeTable& table, std::vector<Symbol>& symbols);

}  // namespace vitrine
