#include "text/encode.h"

#include "tensor/error.h"
#include "text/character_offsets.h"
#include "text/utf8.h"

namespace vitrine {

namespace {

constexpr std::size_t longest_text = std::size_t{1} << 31U;
constexpr std::size_t longest_replay = 256;  // symbols of a piece whose every step is kept

void check_text(std::string_view text) {
    check_utf8(text);
    if (text.size() >= longest_text) {
        throw TextError("text", "less than 2 GB", std::to_string(text.size()) + " bytes",
                        "encode it in parts, line by line");
    }
}

/// Runs all steps before the model. Calls `on_added(token, source)` and
/// `on_piece(aligned, piece)` in the order of the text.
template <class OnAdded, class OnPiece>
void for_each_piece(const Pipeline& pipeline, std::string_view text, std::vector<ByteRange>& pieces,
                    OnAdded on_added, OnPiece on_piece) {
    for (const AddedSplit& split : pipeline.added.split(text)) {
        if (split.token != nullptr) {
            on_added(*split.token, split.range);
            continue;
        }
        AlignedText part(text, split.range);
        normalize(pipeline.normalizer, part);
        for (const AddedSplit& inner : pipeline.added_normalized.split(part.bytes())) {
            if (inner.token != nullptr) {
                on_added(*inner.token, part.source(inner.range));
                continue;
            }
            AlignedText stretch = part.part(inner.range);
            pre_tokenize(pipeline.pre_tokenizer, stretch, pieces);
            for (const ByteRange piece : pieces) on_piece(stretch, piece);
        }
    }
}

}  // namespace

std::unique_ptr<EncodeMemory> EncodeMemories::take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return std::make_unique<EncodeMemory>();
    std::unique_ptr<EncodeMemory> memory = std::move(idle_.back());
    idle_.pop_back();
    return memory;
}

void EncodeMemories::give_back(std::unique_ptr<EncodeMemory> memory) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(memory));
}

Encoding encode_text(const Pipeline& pipeline, std::string_view text, EncodeMemory& memory) {
    check_text(text);
    Encoding encoding;
    CharacterOffsets offsets(text);
    const auto add = [&](int id, std::string_view token, ByteRange source) {
        encoding.ids.push_back(id);
        encoding.tokens.emplace_back(token);
        encoding.offsets.push_back(offsets.of(source));
    };
    const auto* unigram = std::get_if<Unigram>(&pipeline.model);
    const int spelled_as_found = unigram == nullptr ? -1 : unigram->unknown();
    for_each_piece(
        pipeline, text, memory.pieces,
        // An added token is spelled as it was found, with the white space it took.
        [&](const AddedToken& token, ByteRange source) {
            add(token.id, part_of(text, source), source);
        },
        [&](const AlignedText& part, ByteRange piece) {
            std::visit(
                [&](const auto& model) {
                    model.encode(part_of(part.bytes(), piece), memory.cache, memory.symbols);
                },
                pipeline.model);
            ByteRange range{piece.begin, piece.begin};
            for (const Symbol& symbol : memory.symbols) {
                if (symbol.bytes > 0) range = {range.end, range.end + symbol.bytes};
                add(symbol.id,
                    symbol.id == spelled_as_found ? part_of(part.bytes(), range)
                                                  : pipeline.vocabulary.token(symbol.id),
                    part.source(range));
            }
        });
    encoding.type_ids.assign(encoding.ids.size(), 0);
    return encoding;
}

std::vector<std::vector<MergeStep>> replay_merges(const Pipeline& pipeline, std::string_view text,
                                                  EncodeMemory& memory) {
    check_text(text);
    std::vector<std::vector<MergeStep>> pieces;
    const auto spelled = [&](std::span<const Symbol> symbols) {
        std::vector<std::string> bytes;
        for (const Symbol& symbol : symbols) bytes.push_back(pipeline.vocabulary.bytes(symbol.id));
        return bytes;
    };
    const auto* bpe = std::get_if<Bpe>(&pipeline.model);
    std::vector<Symbol>& symbols = memory.symbols;
    for_each_piece(
        pipeline, text, memory.pieces,
        [&](const AddedToken& token, ByteRange) {
            pieces.push_back({MergeStep{-1, 0, {token.content}}});
        },
        [&](const AlignedText& part, ByteRange piece) {
            const std::string_view bytes = part_of(part.bytes(), piece);
            if (bpe == nullptr) {  // no merges: only what comes out
                std::visit([&](const auto& model) { model.encode(bytes, memory.cache, symbols); },
                           pipeline.model);
                pieces.push_back({MergeStep{-1, 0, spelled(symbols)}});
                return;
            }
            bpe->start(bytes, symbols);
            std::vector<MergeStep> steps{{-1, 0, spelled(symbols)}};
            if (bpe->whole_piece(bytes) || symbols.size() > longest_replay) {
                bpe->encode(bytes, memory.cache, symbols);
                steps.push_back({-1, 0, spelled(symbols)});
            } else {
                merge_by_scanning(bpe->merges(), symbols,
                                  [&](int rank, std::size_t at, std::span<const Symbol> now) {
                                      steps.push_back({rank, static_cast<Index>(at), spelled(now)});
                                  });
            }
            pieces.push_back(std::move(steps));
        });
    return pieces;
}

}  // namespace vitrine
