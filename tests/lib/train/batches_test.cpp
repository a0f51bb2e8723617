#include "train/batches.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <numeric>
#include <set>

#include "tensor/error.h"

namespace fs = std::filesystem;
using namespace vitrine;
using namespace vitrine::train;

namespace {

/// A file whose token n is n, so that a row says where it comes from.
TokenFile counting(int count) {
    const fs::path path =
        fs::temp_directory_path() / ("vitrine batches " + std::to_string(::getpid()));
    std::vector<int> ids(static_cast<std::size_t>(count));
    std::iota(ids.begin(), ids.end(), 0);
    TokenFileWriter writer(path);
    writer.add(ids, 1);
    writer.commit();
    TokenFile file = TokenFile::open(path);
    fs::remove(path);
    return file;
}

}  // namespace

TEST_CASE("batches: shuffled() is an order: each number once, another for each key") {
    for (const Index n : {1, 2, 3, 10, 1000, 1025}) {
        CAPTURE(n);
        std::set<Index> seen;
        bool differs = false;
        for (Index i = 0; i < n; ++i) {
            const Index at = shuffled(i, n, 7);
            CHECK(at >= 0);
            CHECK(at < n);
            seen.insert(at);
            differs = differs || at != shuffled(i, n, 8);
        }
        CHECK(static_cast<Index>(seen.size()) == n);
        CHECK((differs || n < 10));
    }
}

TEST_CASE("batches: an epoch has every window once, at another cut than the last") {
    const TokenFile file = counting(1000);
    const Batches batches(file, 3, 32, 1000);
    Phase phase;
    phase.rows = 2;
    phase.length = 10;  // 999 / 10 - 1 = 98 windows, 49 steps
    std::set<int> cuts;
    for (int epoch = 0; epoch < 3; ++epoch) {
        std::set<int> begins;
        for (Index step = 49 * epoch; step < 49 * (epoch + 1); ++step) {
            const Batch batch = batches.at(phase, 0, step, 0, 2);
            REQUIRE(batch.rows() == 2);
            for (std::size_t i = 0; i < batch.ids.size(); ++i) {
                CHECK(batch.targets[i] == batch.ids[i] + 1);
                if (i % 10 != 0) CHECK(batch.ids[i] == batch.ids[i - 1] + 1);
            }
            begins.insert({batch.ids[0], batch.ids[10]});
        }
        CHECK(begins.size() == 98);
        cuts.insert(*begins.begin() % 10);
        for (const int begin : begins) CHECK(begin % 10 == *begins.begin() % 10);
    }
    CHECK(cuts.size() > 1);
}

TEST_CASE("batches: a step is the same whoever asks, whole or in parts") {
    const TokenFile file = counting(500);
    Phase phase;
    phase.rows = 4;
    phase.length = 16;
    phase.any_start = true;
    phase.copies = 0.5;
    const Batches batches(file, 3, 64, 500), again(file, 3, 64, 500), other(file, 4, 64, 500);
    const Batch whole = batches.at(phase, 1, 7, 0, 4), half = again.at(phase, 1, 7, 2, 2);
    CHECK(std::equal(half.ids.begin(), half.ids.end(), whole.ids.begin() + 32));
    CHECK(std::equal(half.targets.begin(), half.targets.end(), whole.targets.begin() + 32));
    CHECK(std::equal(half.starts.begin(), half.starts.end(), whole.starts.begin() + 2));
    CHECK(other.at(phase, 1, 7, 0, 4).ids != whole.ids);
    CHECK(batches.at(phase, 2, 7, 0, 4).ids != whole.ids);
    for (const Index start : whole.starts) {
        CHECK(start >= 0);
        CHECK(start <= 48);
    }
}

TEST_CASE(
    "batches: a copied row repeats its span, and random tokens count from their second copy") {
    const TokenFile file = counting(5000);
    Phase phase;
    phase.rows = 200;
    phase.length = 32;
    phase.copies = 1.0;
    const Batch batch = Batches(file, 3, 32, 5000).at(phase, 0, 0, 0, 200);
    int random_rows = 0;
    for (Index row = 0; row < 200; ++row) {
        const int* ids = batch.ids.data() + row * 32;
        const int* targets = batch.targets.data() + row * 32;
        Index span = 1;
        const auto repeats = [&] {
            for (Index t = span; t < 32; ++t)
                if (ids[t] != ids[t - span]) return false;
            return true;
        };
        while (span < 32 && !repeats()) ++span;
        CHECK(span >= 8);
        CHECK(span <= 16);
        const bool is_text = targets[0] >= 0;
        random_rows += is_text ? 0 : 1;
        for (Index t = 0; t < 32; ++t) {
            const int next = t + 1 < 32 ? ids[t + 1] : ids[32 % span];
            CHECK(targets[t] == (!is_text && t < span - 1 ? -1 : next));
        }
    }
    CHECK(random_rows > 60);
    CHECK(random_rows < 140);
    phase.copies = 0.2;
    CHECK(Batches(file, 3, 32, 5000).at(phase, 0, 0, 0, 200).counted() > 200 * 28);
}

TEST_CASE("batches: a phase says how long the spans of its copies are") {
    const TokenFile file = counting(5000);
    Phase phase;
    phase.length = 16;
    phase.copies = 1.0;
    const auto seen = [&](Index shortest, Index longest) {
        phase.shortest_span = shortest;
        phase.longest_span = longest;
        const Batch batch = Batches(file, 3, 16, 5000).at(phase, 0, 0, 0, 100);
        std::set<Index> spans;
        for (Index row = 0; row < 100; ++row) {
            const int* ids = batch.ids.data() + row * 16;
            Index span = 1;
            while (span < 16 && !std::equal(ids, ids + 16 - span, ids + span)) ++span;
            spans.insert(span);
        }
        return spans;
    };
    CHECK(seen(2, 2) == std::set<Index>{2});
    CHECK(seen(3, 5) == std::set<Index>{3, 4, 5});
    CHECK(seen(0, 3) == std::set<Index>{3});
    CHECK(seen(6, 0) == std::set<Index>{6, 7, 8});
}

TEST_CASE("batches: too little text is refused") {
    const TokenFile file = counting(8);
    Phase phase;
    phase.length = 8;
    CHECK_THROWS_AS(Batches(file, 1, 8, 8).at(phase, 0, 0, 0, 1), ArgumentError);
    phase.length = 7;
    CHECK(Batches(file, 1, 8, 8).at(phase, 0, 0, 0, 1).ids.size() == 7);
}
