// The named cases of an exercise: what is put in, what must come out.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "io/safetensors.h"
#include "tensor/tensor.h"

namespace vitrine::runner {

/// A result of any rank.
struct Values {
    std::vector<Index> shape;
    std::vector<double> values;  // row-major

    Values() = default;
    Values(std::vector<Index> its_shape, std::vector<double> its_values)
        : shape(std::move(its_shape)), values(std::move(its_values)) {}
    template <std::size_t N>
    explicit Values(const Tensor<N>& tensor) : values(tensor.begin(), tensor.end()) {
        const Shape<N> extents = shape_of(tensor);
        shape.assign(extents.begin(), extents.end());
    }
    explicit Values(const StoredTensor& stored) : shape(stored.shape) {
        for (const float value : stored.floats()) values.push_back(static_cast<double>(value));
    }
};

/// True if the shapes are equal and every value is within `bound` (NaN equals NaN).
bool near(const Values& a, const Values& b, double bound);

/// The functions of a compiled exercise, solution or variant.
class Functions {
   public:
    /// Loads a shared object. @param space  whose functions are meant: "mine", the learner's, or
    /// "variant_NAME". @throws FileError
    explicit Functions(const std::filesystem::path& shared_object, std::string space = "mine");
    /// The function that bind.h exported as vitrine_SPACE_NAME. @throws ArgumentError
    template <class F>
    F* get(const std::string& name) const {
        return *static_cast<F**>(symbol("vitrine_" + space_ + "_" + name));
    }

   private:
    void* symbol(const std::string& name) const;
    std::string space_;
    void* handle_ = nullptr;  // stays open as long as the process: its code may still run
};

struct Case {
    std::string exercise;  // the function it belongs to
    std::string id;        // its name in both languages is in chapter.json
    std::function<Values(const Functions&)> run;
    Values expected;
    double bound = 1e-5;
};

/// The cases of a chapter; `golden` is its folder of reference tensors.
using CaseList = std::vector<Case> (*)(const std::filesystem::path& golden);

struct ChapterCases {
    const char* id;
    CaseList cases;
};
/// The chapters that have an exercise, in order.
const std::vector<ChapterCases>& chapter_cases();

}  // namespace vitrine::runner
