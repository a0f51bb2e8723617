#include "viz/views/broken_run.h"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "tests/viz/view_stage.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

const Run& king() {
    static const auto run = run_text(bundled_model(), "The king said to his daughter");
    return *run;
}

Breakage fault(Fault kind) {
    Breakage breakage;
    breakage.fault = kind;
    breakage.layer = 3;
    breakage.head = 4;
    breakage.query = 5;
    breakage.key = 4;
    breakage.weight = 0.5F;
    return breakage;
}

}  // namespace

TEST_CASE("broken run: nothing broken is the run as it is") {
    const auto same = run_broken(king(), fault(Fault::none), {});
    CHECK(same->moved < 1e-5);
    CHECK(same->tokens.size() == 6);
    for (const NextToken& token : same->tokens)
        CHECK(token.after == doctest::Approx(token.before).epsilon(1e-4));
}

TEST_CASE("broken run: every fault moves probability, and they all differ") {
    std::set<double> moved;
    std::set<std::uint64_t> ids;
    for (const Fault kind : {Fault::no_scale, Fault::no_mask, Fault::no_softmax, Fault::head_off,
                             Fault::edited_cell}) {
        const Breakage breakage = fault(kind);
        const auto broken = run_broken(king(), breakage, {});
        CHECK(broken->moved > 1e-4);
        CHECK(broken->moved <= 1.0);
        double sum = 0;
        for (const NextToken& token : broken->tokens) sum += token.after;
        CHECK(sum <= 1.0 + 1e-9);
        moved.insert(broken->moved);
        ids.insert(breakage.id(1));
    }
    CHECK(moved.size() == 5);
    CHECK(ids.size() == 5);
}

TEST_CASE("broken run: setting a cell to the weight it has changes nothing") {
    Breakage breakage = fault(Fault::edited_cell);
    const Activation& pattern = *king().at(3, "attn.pattern");
    const Index T = pattern.shape[1];
    breakage.weight =
        pattern.values[static_cast<std::size_t>((4 * T + breakage.query) * T + breakage.key)];
    CHECK(run_broken(king(), breakage, {})->moved < 1e-5);
}

TEST_CASE("broken run: an edited row adds up to 1 again, or is left as it is") {
    std::vector<Real> row{0.5F, 0.3F, 0.2F, 0.0F};
    edit_row(row, 0, 0.0F, true);
    CHECK(row[0] == 0.0F);
    CHECK(row[1] == doctest::Approx(0.6));
    CHECK(row[2] == doctest::Approx(0.4));
    row = {0.5F, 0.3F, 0.2F, 0.0F};
    edit_row(row, 0, 0.9F, false);
    CHECK(row[0] == 0.9F);
    CHECK(row[1] == 0.3F);
}
