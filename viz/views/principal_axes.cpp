#include "viz/views/principal_axes.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/matmul.h"
#include "tensor/shape.h"

namespace vitrine::viz {

namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
    double sum = 0.0;
    for (std::size_t c = 0; c < a.size(); ++c) sum += a[c] * b[c];
    return sum;
}

Vector product(const Tensor2& matrix, const Vector& x) {
    Vector result(x.size());
    const Real* row = matrix.data();
    for (double& sum : result) {
        for (const double value : x) sum += static_cast<double>(*row++) * value;
    }
    return result;
}

/// Takes the part along `away` out of x and gives it length 1; false if nothing is left.
bool normalise(Vector& x, const Vector& away) {
    const double along = away.empty() ? 0.0 : dot(x, away);
    for (std::size_t c = 0; c < away.size(); ++c) x[c] -= along * away[c];
    const double length = std::sqrt(dot(x, x));
    if (length < 1e-30) return false;
    for (double& value : x) value /= length;
    return true;
}

/// The eigenvector of the largest eigenvalue among those at a right angle to `away`.
Vector strongest_direction(const Tensor2& covariance, const Vector& away,
                           const std::stop_token& stop) {
    const auto C = static_cast<std::size_t>(covariance.shape()[0]);
    // Begins with a direction of its own in every dimension: no eigenvector is likely to be at a
    // right angle to it, and every call begins alike.
    Vector x(C);
    for (std::size_t c = 0; c < C; ++c) x[c] = std::cos(static_cast<double>(c * c + 1));
    if (!normalise(x, away)) return Vector(C);
    constexpr int most_steps = 2000;
    for (int step = 0; step < most_steps && !stop.stop_requested(); ++step) {
        Vector next = product(covariance, x);
        if (!normalise(next, away)) return Vector(C);
        const double change = 1.0 - std::abs(dot(next, x));
        x = std::move(next);
        if (change < 1e-13) break;
    }
    // An eigenvector has no sign; this one makes every run show the same picture.
    const auto largest = std::max_element(
        x.begin(), x.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
    if (*largest < 0.0) {
        for (double& value : x) value = -value;
    }
    return x;
}

}  // namespace

PrincipalAxes principal_axes(Ref2 table, const std::stop_token& stop) {
    const auto [V, C] = shape2(table);
    PrincipalAxes result{zeros<1>({C}), zeros<2>({2, C}), {}};
    if (V == 0 || C == 0) return result;
    Vector mean(static_cast<std::size_t>(C));
    for (Index v = 0; v < V; ++v) {
        for (Index c = 0; c < C; ++c) mean[static_cast<std::size_t>(c)] += double(table(v, c));
    }
    for (Index c = 0; c < C; ++c) {
        result.mean(c) = Real(mean[static_cast<std::size_t>(c)] / double(V));
    }
    Tensor2 centred = table.copy();  // [V, C]
    for (Index v = 0; v < V; ++v) {
        for (Index c = 0; c < C; ++c) centred(v, c) -= result.mean(c);
    }
    const Tensor2 covariance = matmul(transpose_last(centred), centred);  // [C, C], times V
    double total = 0.0;
    for (Index c = 0; c < C; ++c) total += static_cast<double>(covariance(c, c));
    Vector first;
    for (Index k = 0; k < std::min<Index>(2, C); ++k) {
        const Vector axis = strongest_direction(covariance, first, stop);
        const double along = dot(axis, product(covariance, axis));
        result.share[static_cast<std::size_t>(k)] = total > 0.0 ? along / total : 0.0;
        for (Index c = 0; c < C; ++c) result.axes(k, c) = Real(axis[static_cast<std::size_t>(c)]);
        first = axis;
    }
    return result;
}

Tensor2 shadow_of(Ref2 table, const PrincipalAxes& axes) {
    const auto [V, C] = shape2(table);
    Tensor2 shadow = matmul(table, transpose_last(axes.axes));  // [V, 2]
    for (Index k = 0; k < 2; ++k) {
        Real centre = 0;
        for (Index c = 0; c < C; ++c) centre += axes.mean(c) * axes.axes(k, c);
        for (Index v = 0; v < V; ++v) shadow(v, k) -= centre;
    }
    return shadow;
}

}  // namespace vitrine::viz
