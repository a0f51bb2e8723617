#include "text/merge.h"

#include <doctest/doctest.h>

#include "tensor/random.h"

using namespace vitrine;

namespace {

std::vector<Symbol> symbols_of(const std::vector<int>& ids) {
    std::vector<Symbol> symbols;
    for (const int id : ids) symbols.push_back({id, 1});
    return symbols;
}

std::vector<int> ids_of(const std::vector<Symbol>& symbols) {
    std::vector<int> ids;
    for (const Symbol& symbol : symbols) ids.push_back(symbol.id);
    return ids;
}

/// A small random language: letters 0 to 3, and rules that join what earlier rules made.
MergeTable random_rules(Random& random) {
    std::vector<Merge> merges;
    for (int id = 4; id < 24; ++id) {
        merges.push_back({static_cast<int>(random.below(static_cast<std::uint64_t>(id))),
                          static_cast<int>(random.below(static_cast<std::uint64_t>(id))), id});
    }
    return MergeTable(merges);
}

std::vector<int> random_word(Random& random, std::size_t length) {
    std::vector<int> word(length);
    for (int& id : word) id = static_cast<int>(random.below(4));
    return word;
}

}  // namespace

TEST_CASE("merge: the rule learnt first is applied first, the leftmost place first") {
    // a b c = 0 1 2; "b c" was learnt before "a b".
    const MergeTable table({{1, 2, 3}, {0, 1, 4}, {0, 0, 5}});
    std::vector<Symbol> word = symbols_of({0, 1, 2, 0, 1, 0, 0, 0});
    merge_symbols(table, word);
    CHECK(ids_of(word) == std::vector<int>{0, 3, 4, 5, 0});
    CHECK(word[1].bytes == 2);
    CHECK(word[4].bytes == 1);
}

TEST_CASE("merge: the heap joins what scanning joins") {
    Random random(5);
    for (int round = 0; round < 400; ++round) {
        const MergeTable table = random_rules(random);
        const std::vector<int> word = random_word(random, random.below(80));
        std::vector<Symbol> by_heap = symbols_of(word);
        std::vector<Symbol> by_scanning = by_heap;
        std::vector<Symbol> chosen = by_heap;
        merge_by_heap(table, by_heap);
        merge_by_scanning(table, by_scanning);
        merge_symbols(table, chosen);
        CHECK(ids_of(by_heap) == ids_of(by_scanning));
        CHECK(ids_of(by_heap) == ids_of(chosen));
        std::size_t bytes = 0;
        for (const Symbol& symbol : by_heap) bytes += symbol.bytes;
        CHECK(bytes == word.size());
    }
}

TEST_CASE("merge: the work grows with the length of a word, not with its square") {
    // n - 1 look-ups at the start, and at most two for each of at most n - 1 merges.
    Random random(6);
    const MergeTable all_equal({{0, 0, 1}, {1, 1, 2}, {2, 2, 3}, {3, 3, 4}});
    for (const std::size_t length : {1000UL, 10000UL, 100000UL}) {
        std::vector<Symbol> equal = symbols_of(std::vector<int>(length, 0));
        CHECK(merge_symbols(all_equal, equal) <= 3 * length);
        CHECK(equal.front().bytes == 16);
        std::vector<Symbol> word = symbols_of(random_word(random, length));
        CHECK(merge_symbols(random_rules(random), word) <= 3 * length);
    }
}

TEST_CASE("merge: every step is told of, with the symbols after it") {
    const MergeTable table({{0, 1, 2}, {2, 1, 3}});
    std::vector<Symbol> word = symbols_of({0, 1, 1});
    std::vector<int> ranks;
    std::vector<std::size_t> sizes;
    merge_by_scanning(table, word,
                      [&](int rank, std::size_t place, std::span<const Symbol> symbols) {
                          CHECK(place == 0);
                          ranks.push_back(rank);
                          sizes.push_back(symbols.size());
                      });
    CHECK(ranks == std::vector<int>{0, 1});
    CHECK(sizes == std::vector<std::size_t>{2, 1});
}

TEST_CASE("merge table: finds every rule and no other") {
    Random random(8);
    std::vector<Merge> merges;
    for (int left = 0; left < 60; ++left) {
        for (int right = left % 2; right < 60; right += 2) merges.push_back({left, right, left});
    }
    const MergeTable table(merges);
    CHECK(table.size() == static_cast<Index>(merges.size()));
    for (std::size_t rank = 0; rank < merges.size(); ++rank) {
        CHECK(table.find(merges[rank].left, merges[rank].right).rank == static_cast<int>(rank));
    }
    CHECK(table.find(0, 1).rank == -1);
    CHECK(table.find(1, 0).rank == -1);
    CHECK(MergeTable().find(0, 0).rank == -1);
}
