#include "text/piece_cache.h"

#include <doctest/doctest.h>

#include <string>

using namespace vitrine;

TEST_CASE("piece cache: gives back what was stored, or nothing") {
    PieceCache cache;
    CHECK(cache.find("the").empty());
    for (int i = 0; i < 50000; ++i) {
        const Symbol symbol{i, 1};
        cache.store("piece" + std::to_string(i), std::span(&symbol, 1));
    }
    int kept = 0;
    for (int i = 0; i < 50000; ++i) {
        const std::span<const Symbol> found = cache.find("piece" + std::to_string(i));
        if (found.empty()) continue;
        ++kept;
        CHECK(found.front().id == i);
    }
    CHECK(kept > 1000);
    const std::string long_piece(100, 'x');
    const Symbol symbol{1, 100};
    cache.store(long_piece, std::span(&symbol, 1));
    CHECK(cache.find(long_piece).empty());
}
