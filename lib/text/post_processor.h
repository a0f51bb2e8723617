// The "post_processor" of a tokenizer.json: what is done to the tokens of a text, or of two.
// A further kind is a struct with run(), a name in the variant and a line in read_post_processor().
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "text/encoding.h"

namespace vitrine {

/// The texts one after the other; the second has type 1.
struct NoPostProcessor {
    Encoding run(Encoding first, std::optional<Encoding> second, bool add_special) const;
};

/// Leaves white space out of the offsets, if it is told to.
struct ByteLevelPostProcessor {
    bool trim_offsets = true;
    bool add_prefix_space = true;  // the first token's space was added, so there is none to leave

    Encoding run(Encoding first, std::optional<Encoding> second, bool add_special) const;
    void trim(Encoding& encoding) const;
};

/// Special tokens around the texts, by a template for one text and one for two. BertProcessing and
/// RobertaProcessing are fixed templates.
struct TemplatePostProcessor {
    /// The tokens of a text, or special tokens.
    struct Part {
        int sequence = -1;  // 0: the first text, 1: the second, -1: special tokens
        std::vector<int> ids;
        std::vector<std::string> tokens;
        int type_id = 0;
    };
    std::vector<Part> single, pair;
    ByteLevelPostProcessor before{false, true};  // of a Sequence, and of RobertaProcessing

    Encoding run(Encoding first, std::optional<Encoding> second, bool add_special) const;
};

using PostProcessor = std::variant<NoPostProcessor, ByteLevelPostProcessor, TemplatePostProcessor>;

/// @param root  the whole tokenizer.json. @throws FileError
PostProcessor read_post_processor(const nlohmann::json& root, const std::string& where);

/// Joins the tokens of a text and, if there is one, of a second.
/// @param add_special  with the tokens that the post-processor puts around the texts
Encoding post_process(const PostProcessor& post_processor, Encoding first,
                      std::optional<Encoding> second, bool add_special);

}  // namespace vitrine
