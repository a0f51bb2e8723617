#include "chapters/runner/case.h"

#include <dlfcn.h>

#include <cmath>

#include "chapters/01_tokenization/exercise_test.h"
#include "chapters/02_embeddings/exercise_test.h"
#include "chapters/03_positional_encoding/exercise_test.h"
#include "chapters/04_attention/exercise_test.h"
#include "chapters/05_multi_head_attention/exercise_test.h"
#include "chapters/06_layer_norm/exercise_test.h"
#include "chapters/07_feed_forward/exercise_test.h"
#include "chapters/08_blocks/exercise_test.h"
#include "chapters/09_gpt/exercise_test.h"
#include "chapters/10_training/exercise_test.h"
#include "chapters/11_pretrained/exercise_test.h"
#include "tensor/error.h"

namespace vitrine::runner {

bool near(const Values& a, const Values& b, double bound) {
    if (a.shape != b.shape || a.values.size() != b.values.size()) return false;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
        const bool both_nan = std::isnan(a.values[i]) && std::isnan(b.values[i]);
        const bool close =
            a.values[i] == b.values[i] || std::abs(a.values[i] - b.values[i]) <= bound;
        if (!both_nan && !close) return false;
    }
    return true;
}

Functions::Functions(const std::filesystem::path& shared_object, std::string space)
    : space_(std::move(space)), handle_(dlopen(shared_object.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) throw FileError(shared_object.string(), "a shared object", dlerror());
}

void* Functions::symbol(const std::string& name) const {
    void* found = dlsym(handle_, name.c_str());
    if (found == nullptr) throw ArgumentError(name, "a function of the exercise", "none");
    return found;
}

const std::vector<ChapterCases>& chapter_cases() {
    static const std::vector<ChapterCases> all{
        {"01_tokenization", tokenization_cases},
        {"02_embeddings", embedding_cases},
        {"03_positional_encoding", positional_encoding_cases},
        {"04_attention", attention_cases},
        {"05_multi_head_attention", multi_head_attention_cases},
        {"06_layer_norm", layer_norm_cases},
        {"07_feed_forward", feed_forward_cases},
        {"08_blocks", block_cases},
        {"09_gpt", gpt_cases},
        {"10_training", training_cases},
        {"11_pretrained", pretrained_cases},
    };
    return all;
}

}  // namespace vitrine::runner
