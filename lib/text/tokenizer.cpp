#include "text/tokenizer.h"

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>

#include "io/json.h"
#include "tensor/error.h"
#include "text/encode.h"
#include "text/json_fields.h"
#include "text/pipeline.h"
#include "text/sentencepiece.h"
#include "text/utf8.h"

namespace vitrine {

using nlohmann::json;

struct Tokenizer::Impl {
    Pipeline pipeline;
    mutable EncodeMemories memories;

    explicit Impl(Pipeline steps) : pipeline(std::move(steps)) {}

    /// Runs `work` with a memory that no other thread has. One that an error interrupted is not
    /// used again.
    template <class Work>
    auto with_memory(Work work) const {
        std::unique_ptr<EncodeMemory> memory = memories.take();
        auto result = work(*memory);
        memories.give_back(std::move(memory));
        return result;
    }
    /// How many tokens of the texts there is room for beside the special ones.
    Index room(const Truncation& truncation, bool pair, bool add_special) const {
        Index special = 0;
        if (add_special) {
            std::optional<Encoding> second;
            if (pair) second = Encoding{};
            special = static_cast<Index>(
                post_process(pipeline.post_processor, {}, second, true).ids.size());
        }
        if (truncation.max_length <= special) {
            throw ArgumentError(
                "max_length",
                "more than " + std::to_string(special) + ", which special tokens take",
                std::to_string(truncation.max_length));
        }
        return truncation.max_length - special;
    }
    int check(int id) const {
        if (id >= 0 && id < pipeline.vocabulary.size()) return id;
        throw ArgumentError("token id",
                            "a number from 0 to " + std::to_string(pipeline.vocabulary.size() - 1),
                            std::to_string(id));
    }
};

namespace {

/// How many sentinels T5 adds to its pieces: 100 in all its published forms.
int read_sentinels(const json& config, const std::string& where) {
    const json* found = find_member(config, "extra_ids");
    if (found == nullptr) return 100;
    constexpr int most = 100000;
    if (!found->is_number_integer() || *found < 0 || *found > most) {
        throw FileError(where + ", \"extra_ids\"", "a number from 0 to " + std::to_string(most),
                        shown(*found));
    }
    return found->get<int>();
}

}  // namespace

Tokenizer::Tokenizer(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Tokenizer::~Tokenizer() = default;
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;

Tokenizer Tokenizer::load(const std::filesystem::path& path) {
    constexpr std::size_t largest_file = 256U << 20U;
    namespace fs = std::filesystem;
    std::error_code ignored;
    const bool is_folder = fs::is_directory(path, ignored);
    const fs::path file = is_folder ? path / "tokenizer.json" : path;
    const auto is_there = [&](const char* name) { return fs::exists(path / name, ignored); };
    const auto made = [](Pipeline pipeline) {
        return Tokenizer(std::make_unique<const Impl>(std::move(pipeline)));
    };
    if (!is_folder || is_there("tokenizer.json"))
        return made(read_pipeline(read_json(file, largest_file), file.string()));

    // Older folders have the files of one family, and what its code does with them.
    const fs::path config_file = path / "tokenizer_config.json";
    const json config = fs::exists(config_file, ignored) ? read_json(config_file) : json::object();
    const auto says = [&](const char* key, bool fallback) {
        return read_flag(config, key, fallback, config_file.string());
    };
    if (is_there("vocab.json") && is_there("merges.txt")) {
        return made(read_gpt2_pipeline(read_json(path / "vocab.json"),
                                       read_file(path / "merges.txt", largest_file),
                                       path.string()));
    }
    if (is_there("vocab.txt")) {
        return made(read_bert_pipeline(read_file(path / "vocab.txt", largest_file),
                                       says("do_lower_case", true), path.string()));
    }
    for (const bool is_t5 : {true, false}) {
        const char* name = is_t5 ? "spiece.model" : "tokenizer.model";
        if (!is_there(name)) continue;
        const SentencePieceUse use{says("add_bos_token", !is_t5), says("add_eos_token", is_t5),
                                   is_t5 ? read_sentinels(config, config_file.string()) : 0};
        const std::string where = (path / name).string();
        return made(
            read_pipeline(read_sentencepiece(read_file(where, largest_file), use, where), where));
    }
    throw FileError(path.string(),
                    "tokenizer.json, vocab.json and merges.txt, vocab.txt, spiece.model or "
                    "tokenizer.model",
                    "none of them");
}

Tokenizer Tokenizer::parse(std::string_view tokenizer_json, const std::string& where) {
    return Tokenizer(
        std::make_unique<const Impl>(read_pipeline(parse_json(tokenizer_json, where), where)));
}

Encoding Tokenizer::encode(std::string_view text, bool add_special) const {
    return impl_->with_memory([&](EncodeMemory& memory) {
        return post_process(impl_->pipeline.post_processor,
                            encode_text(impl_->pipeline, text, memory), {}, add_special);
    });
}

Encoding Tokenizer::encode_pair(std::string_view a, std::string_view b, bool add_special) const {
    return impl_->with_memory([&](EncodeMemory& memory) {
        Encoding first = encode_text(impl_->pipeline, a, memory);
        return post_process(impl_->pipeline.post_processor, std::move(first),
                            encode_text(impl_->pipeline, b, memory), add_special);
    });
}

std::vector<Encoding> Tokenizer::encode_batch(std::span<const std::string> texts,
                                              bool add_special) const {
    std::vector<Encoding> result(texts.size());
    std::atomic<std::size_t> failed = texts.size();
    const auto count = static_cast<Index>(texts.size());
#pragma omp parallel for schedule(dynamic, 16)
    for (Index i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        try {
            result[at] = encode(texts[at], add_special);
        } catch (...) {  // not out of a parallel loop: said below, of the first
            for (std::size_t first = failed;
                 at < first && !failed.compare_exchange_weak(first, at);) {
            }
        }
    }
    if (failed == texts.size()) return result;
    const std::string name = "text " + std::to_string(failed);
    check_utf8(texts[failed], name);
    encode(texts[failed], add_special);
    throw TextError(name, "a text that can be encoded", "another");
}

std::vector<Encoding> Tokenizer::encode_windows(std::string_view text, const Truncation& truncation,
                                                bool add_special) const {
    const Encoding all = impl_->with_memory(
        [&](EncodeMemory& memory) { return encode_text(impl_->pipeline, text, memory); });
    std::vector<Encoding> result;
    for (Encoding& each : windows(all, impl_->room(truncation, false, add_special),
                                  truncation.stride, truncation.side))
        result.push_back(
            post_process(impl_->pipeline.post_processor, std::move(each), {}, add_special));
    return result;
}

std::vector<Encoding> Tokenizer::encode_windows(std::string_view a, std::string_view b,
                                                const Truncation& truncation,
                                                bool add_special) const {
    const auto of = [&](std::string_view text) {
        return impl_->with_memory(
            [&](EncodeMemory& memory) { return encode_text(impl_->pipeline, text, memory); });
    };
    const Encoding first = of(a), second = of(b);
    const auto size = [](const Encoding& text) { return static_cast<Index>(text.ids.size()); };
    const PairLengths stay = truncated_lengths(
        size(first), size(second), impl_->room(truncation, true, add_special), truncation.pair);
    std::vector<Encoding> of_first = windows(first, stay.first, truncation.stride, truncation.side),
                          of_second =
                              windows(second, stay.second, truncation.stride, truncation.side);
    if (of_first.size() > 1 && of_second.size() > 1) {
        of_first.resize(1);
        of_second.resize(1);
    }
    std::vector<Encoding> result;
    for (const Encoding& one : of_first) {
        for (const Encoding& other : of_second)
            result.push_back(post_process(impl_->pipeline.post_processor, one, other, add_special));
    }
    return result;
}

std::string Tokenizer::decode(std::span<const int> ids, bool keep_special) const {
    std::vector<int> kept;
    kept.reserve(ids.size());
    for (const int id : ids) {
        if (keep_special || !is_special(id)) kept.push_back(impl_->check(id));
    }
    return vitrine::decode(impl_->pipeline.decoder, impl_->pipeline.vocabulary, kept);
}

Index Tokenizer::vocabulary() const {
    return impl_->pipeline.vocabulary.size();
}

std::string Tokenizer::token(int id) const {
    return impl_->pipeline.vocabulary.token(impl_->check(id));
}

std::string Tokenizer::bytes(int id) const {
    return impl_->pipeline.vocabulary.bytes(impl_->check(id));
}

std::optional<int> Tokenizer::id(std::string_view token) const {
    return impl_->pipeline.vocabulary.find(token);
}

bool Tokenizer::is_special(int id) const {
    return impl_->pipeline.vocabulary.is_special(impl_->check(id));
}

bool Tokenizer::prefixes_space() const {
    const Pipeline& steps = impl_->pipeline;
    const auto prepends = [](const auto& step) {
        return std::holds_alternative<PrependNormalizer>(step);
    };
    const auto is_metaspace = [](const auto& step) {
        const auto* metaspace = std::get_if<MetaspacePreTokenizer>(&step);
        return metaspace != nullptr && metaspace->prepend != MetaspacePreTokenizer::Prepend::never;
    };
    return std::any_of(steps.normalizer.begin(), steps.normalizer.end(), prepends) ||
           std::any_of(steps.pre_tokenizer.begin(), steps.pre_tokenizer.end(), is_metaspace);
}

Index Tokenizer::merges() const {
    const auto* bpe = std::get_if<Bpe>(&impl_->pipeline.model);
    return bpe == nullptr ? 0 : bpe->merges().size();
}

std::vector<std::vector<MergeStep>> Tokenizer::merge_steps(std::string_view text) const {
    return impl_->with_memory(
        [&](EncodeMemory& memory) { return replay_merges(impl_->pipeline, text, memory); });
}

}  // namespace vitrine
