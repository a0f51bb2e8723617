// The "post_processor" of a tokenizer.json: what is done to the tokens of a text, or of two.
// Supported: null and ByteLevel. A further kind is a struct with run(), a name in the variant and a
// line in read_post_processor().
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>

#include "text/encoding.h"

namespace vitrine {

struct NoPostProcessor {
    void run(Encoding&) const {}
};

/// Leaves white space out of the offsets, if it is told to.
struct ByteLevelPostProcessor {
    bool trim_offsets = true;
    bool add_prefix_space = true;  // the first token's space was added, so there is none to leave

    void run(Encoding& encoding) const;
};

using PostProcessor = std::variant<NoPostProcessor, ByteLevelPostProcessor>;

/// @param root  the whole tokenizer.json. @throws FileError
PostProcessor read_post_processor(const nlohmann::json& root, const std::string& where);

/// Joins the tokens of a text and, if there is one, of a second, whose type ids become 1.
/// @param add_special  with the tokens that the post-processor puts around the texts
Encoding post_process(const PostProcessor& post_processor, Encoding first,
                      std::optional<Encoding> second, bool add_special);

}  // namespace vitrine
