// A text through the steps of a pipeline.
#pragma once

#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "text/encoding.h"
#include "text/pipeline.h"
#include "text/tokenizer.h"

namespace vitrine {

/// What encoding keeps from text to text. One thread at a time.
struct EncodeMemory {
    PieceCache cache;
    std::vector<ByteRange> pieces;
    std::vector<Symbol> symbols;
};

/// Lends memories to threads, each to one at a time. May be used by several threads at once.
class EncodeMemories {
   public:
    std::unique_ptr<EncodeMemory> take();
    void give_back(std::unique_ptr<EncodeMemory> memory);

   private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<EncodeMemory>> idle_;
};

/// The tokens of a text, before the post-processor.
/// @throws TextError  invalid UTF-8
Encoding encode_text(const Pipeline& pipeline, std::string_view text, EncodeMemory& memory);

/// See Tokenizer::merge_steps().
std::vector<std::vector<MergeStep>> replay_merges(const Pipeline& pipeline, std::string_view text,
                                                  EncodeMemory& memory);

}  // namespace vitrine
