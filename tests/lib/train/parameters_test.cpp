#include "train/parameters.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "kernels/matmul.h"

using namespace vitrine;
using namespace vitrine::train;

namespace {

bool all_are(std::span<const Real> numbers, Real value) {
    return std::all_of(numbers.begin(), numbers.end(), [&](Real each) { return each == value; });
}

/// A large matrix, a small one and a bias, their gradients full of an old step's numbers.
struct Three {
    Parameters parameters;
    std::size_t large = parameters.add("large", {300, 200});
    std::size_t small = parameters.add("small", {3, 2});
    std::size_t bias = parameters.add("bias", {200});

    Three() {
        std::ranges::fill(parameters.grads(), Real{7});
        parameters.zero_grads();
    }
    std::span<const Real> of(std::size_t number) {
        return parameters.list()[number].in(parameters.grads());
    }
};

}  // namespace

TEST_CASE("parameters: gradients are zero after zero_grads, however one looks at them") {
    CHECK(all_are(Three().parameters.grads(), 0));
    const Three three;
    CHECK(all_are(three.parameters.grads(), 0));
    Three other;
    CHECK(all_are({other.parameters.grad(other.large), 60000}, 0));
    CHECK(all_are({other.parameters.grad(other.bias), 200}, 0));
}

TEST_CASE("parameters: the first sum is written, the next ones are added") {
    Three three;
    const Parameters::Sum first = three.parameters.sum(three.large);
    CHECK(!first.adds);
    std::fill_n(first.to, 60000, Real{1});
    const Parameters::Sum second = three.parameters.sum(three.large);
    CHECK(second.adds);
    CHECK(second.to == first.to);
    CHECK(all_are(three.of(three.large), 1));  // looking at it does not zero what was written
    CHECK(three.parameters.sum(three.large).adds);
    CHECK(three.parameters.sum(three.small).adds);  // zeroed at once: it costs nothing
    CHECK(all_are(three.of(three.small), 0));
}

TEST_CASE("parameters: a sum over nothing is zero") {
    std::vector<Real> out(6, 7);
    const Real none = 0;
    sgemm(true, false, 2, 3, 0, &none, 2, &none, 3, out.data(), 3);
    CHECK(all_are(out, 0));
    std::ranges::fill(out, Real{7});
    sgemm(true, false, 2, 3, 0, &none, 2, &none, 3, out.data(), 3, true);
    CHECK(all_are(out, 7));
}
