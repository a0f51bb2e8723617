#include "text/tokenizer_trainer.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "tensor/error.h"
#include "text/bpe_trainer.h"
#include "text/pipeline.h"

namespace vitrine {

namespace {

using json = nlohmann::ordered_json;

constexpr const char* where = "tokenizer.json";

json added_tokens(const std::vector<std::string>& special) {
    json list = json::array();
    for (const std::string& token : special) {
        list.push_back({{"id", list.size()},
                        {"content", token},
                        {"single_word", false},
                        {"lstrip", false},
                        {"rstrip", false},
                        {"normalized", false},
                        {"special", true}});
    }
    return list;
}

/// {token: id}. Appended without a search for the key, which would take quadratic time.
json vocabulary_object(const std::vector<std::string>& tokens) {
    json object = json::object();
    auto& entries = object.get_ref<json::object_t&>();
    for (std::size_t id = 0; id < tokens.size(); ++id) entries.emplace_back(tokens[id], json(id));
    return object;
}

json byte_level(bool add_prefix_space, bool trim_offsets) {
    return {{"type", "ByteLevel"},
            {"add_prefix_space", add_prefix_space},
            {"trim_offsets", trim_offsets},
            {"use_regex", true}};
}

/// Every step but the model.
json steps_around(const TokenizerTrainerOptions& options) {
    return {{"version", "1.0"},
            {"truncation", nullptr},
            {"padding", nullptr},
            {"added_tokens", added_tokens(options.special)},
            {"normalizer", nullptr},
            {"pre_tokenizer", byte_level(false, true)},
            {"post_processor", byte_level(true, false)},
            {"decoder", byte_level(true, true)}};
}

json bpe_model(const TrainedBpe& trained) {
    json merges = json::array();
    const auto token = [&](int id) { return trained.tokens[static_cast<std::size_t>(id)]; };
    for (const Merge& merge : trained.merges) {
        merges.push_back({token(merge.left), token(merge.right)});
    }
    return {{"type", "BPE"},
            {"dropout", nullptr},
            {"unk_token", nullptr},
            {"continuing_subword_prefix", nullptr},
            {"end_of_word_suffix", nullptr},
            {"fuse_unk", false},
            {"byte_fallback", false},
            {"ignore_merges", false},
            {"vocab", vocabulary_object(trained.tokens)},
            {"merges", std::move(merges)}};
}

json train_byte_level_bpe(const std::vector<WordCount>& words,
                          const TokenizerTrainerOptions& options, const TrainerProgress& progress) {
    BpeTrainerOptions bpe;
    bpe.vocabulary = options.vocabulary;
    bpe.min_count = options.min_count;
    bpe.first = options.special;
    return bpe_model(train_bpe(words, bpe, progress));
}

void check(const TokenizerTrainerOptions& options) {
    const std::vector<std::string> known = trainable_models();
    if (std::find(known.begin(), known.end(), options.model) == known.end()) {
        std::string names;
        for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
        throw ArgumentError("model of the tokenizer", names, "\"" + options.model + "\"");
    }
    std::set<std::string> seen;
    for (const std::string& token : options.special) {
        if (token.empty() || !seen.insert(token).second) {
            throw ArgumentError("special token", "each once and none empty", "\"" + token + "\"");
        }
    }
}

/// A step of the tokenizer, read as if from a file, so that words are cut as they will be later.
nlohmann::json as_read(const TokenizerTrainerOptions& options) {
    return nlohmann::json::parse(steps_around(options).dump());
}

/// tokenizer_config.json.
json config_of(const TokenizerTrainerOptions& options) {
    return {{"tokenizer_class", "PreTrainedTokenizerFast"}, {"eos_token", options.special.front()}};
}

Index count_tokens(const Model& model, const std::vector<WordCount>& words) {
    PieceCache cache;
    std::vector<Symbol> symbols;
    Index tokens = 0;
    for (const WordCount& word : words) {
        std::visit([&](const auto& kind) { kind.encode(word.word, cache, symbols); }, model);
        tokens += static_cast<Index>(symbols.size()) * word.count;
    }
    return tokens;
}

}  // namespace

std::vector<std::string> trainable_models() {
    return {"bpe"};
}

TokenizerTrainer::TokenizerTrainer(TokenizerTrainerOptions options) : options_(std::move(options)) {
    if (options_.special.empty()) options_.special = {"<|endoftext|>"};
    check(options_);
    const nlohmann::json root = as_read(options_);
    counter_ = std::make_unique<WordCounter>(read_normalizer(root, where),
                                             read_pre_tokenizer(root, where));
}

TokenizerTrainer::~TokenizerTrainer() = default;

void TokenizerTrainer::add(std::string_view document) {
    counter_->add(document);
}

TrainedTokenizer TokenizerTrainer::train(const TrainerProgress& progress) {
    const std::vector<WordCount> words = counter_->finish();
    if (words.empty()) {
        throw TextError("the training texts", "words to learn tokens from", "none",
                        "the files are empty");
    }
    json root = steps_around(options_);
    root["model"] = train_byte_level_bpe(words, options_, progress);
    TrainedTokenizer trained;
    trained.tokenizer_json = root.dump(2) + "\n";
    trained.config_json = config_of(options_).dump(2) + "\n";
    trained.words = static_cast<Index>(words.size());
    const Pipeline pipeline = read_pipeline(nlohmann::json::parse(trained.tokenizer_json), where);
    trained.vocabulary = pipeline.vocabulary.size();
    trained.tokens = count_tokens(pipeline.model, words);
    return trained;
}

}  // namespace vitrine
