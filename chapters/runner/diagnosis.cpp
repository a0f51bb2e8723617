#include "chapters/runner/diagnosis.h"

#include <algorithm>

#include "chapters/runner/places.h"

namespace vitrine::runner {

std::string only_mistake(const std::vector<std::string>& variants,
                         const std::vector<CaseFit>& fits) {
    const bool all_passed =
        std::all_of(fits.begin(), fits.end(), [](const CaseFit& fit) { return fit.passed; });
    if (all_passed) return {};
    std::vector<std::string> fitting;
    for (const std::string& name : variants) {
        const bool everywhere = std::all_of(fits.begin(), fits.end(), [&](const CaseFit& fit) {
            return std::find(fit.variants.begin(), fit.variants.end(), name) != fit.variants.end();
        });
        if (everywhere) fitting.push_back(name);
    }
    return fitting.size() == 1 ? fitting.front() : "";
}

Functions variant(const Chapter& chapter, const std::string& name) {
    return Functions(places().variants / (chapter.id + ".so"), "variant_" + name);
}

}  // namespace vitrine::runner
