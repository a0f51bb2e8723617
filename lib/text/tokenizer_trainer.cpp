#include "text/tokenizer_trainer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tensor/error.h"
#include "text/bpe_trainer.h"
#include "text/pipeline.h"
#include "text/unigram_trainer.h"

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

/// A template from words: "A" and "B" are the texts, "B:1" is of type 1, others special tokens.
json template_of(const std::vector<std::string>& words) {
    json parts = json::array();
    for (const std::string& word : words) {
        const std::string name = word.substr(0, word.find(':'));
        const char* kind = name == "A" || name == "B" ? "Sequence" : "SpecialToken";
        parts.push_back({{kind, {{"id", name}, {"type_id", name == word ? 0 : 1}}}});
    }
    return parts;
}

json special_in_template(const TokenizerTrainerOptions& options,
                         const std::vector<std::string>& names) {
    json tokens = json::object();
    for (const std::string& name : names) {
        const auto id = std::find(options.special.begin(), options.special.end(), name) -
                        options.special.begin();
        tokens[name] = {{"id", name}, {"ids", {id}}, {"tokens", {name}}};
    }
    return tokens;
}

/// GPT-2's steps.
void add_bpe_steps(json& root) {
    root["normalizer"] = nullptr;
    root["pre_tokenizer"] = byte_level(false, true);
    root["post_processor"] = byte_level(true, false);
    root["decoder"] = byte_level(true, true);
}

/// BERT's steps.
void add_word_piece_steps(json& root, const TokenizerTrainerOptions& options) {
    root["normalizer"] = {{"type", "BertNormalizer"},
                          {"clean_text", true},
                          {"handle_chinese_chars", true},
                          {"strip_accents", nullptr},
                          {"lowercase", options.lowercase}};
    root["pre_tokenizer"] = {{"type", "BertPreTokenizer"}};
    root["post_processor"] = {{"type", "TemplateProcessing"},
                              {"single", template_of({"[CLS]", "A", "[SEP]"})},
                              {"pair", template_of({"[CLS]", "A", "[SEP]", "B:1", "[SEP]:1"})},
                              {"special_tokens", special_in_template(options, {"[CLS]", "[SEP]"})}};
    root["decoder"] = {{"type", "WordPiece"}, {"prefix", "##"}, {"cleanup", true}};
}

/// T5's steps.
void add_unigram_steps(json& root, const TokenizerTrainerOptions& options) {
    const json metaspace = {
        {"type", "Metaspace"}, {"replacement", "▁"}, {"prepend_scheme", "always"}, {"split", true}};
    root["normalizer"] = {
        {"type", "Sequence"},
        {"normalizers",
         {{{"type", "NFKC"}},
          {{"type", "Replace"}, {"pattern", {{"Regex", "\\s+"}}}, {"content", " "}}}}};
    root["pre_tokenizer"] = metaspace;
    root["post_processor"] = {{"type", "TemplateProcessing"},
                              {"single", template_of({"A", "</s>"})},
                              {"pair", template_of({"A", "</s>", "B", "</s>"})},
                              {"special_tokens", special_in_template(options, {"</s>"})}};
    root["decoder"] = metaspace;
}

/// Every step but the model.
json steps_around(const TokenizerTrainerOptions& options) {
    json root = {{"version", "1.0"},
                 {"truncation", nullptr},
                 {"padding", nullptr},
                 {"added_tokens", added_tokens(options.special)}};
    if (options.model == "bpe") {
        add_bpe_steps(root);
    } else if (options.model == "wordpiece") {
        add_word_piece_steps(root, options);
    } else {
        add_unigram_steps(root, options);
    }
    return root;
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

json train_model(const std::vector<WordCount>& words, const TokenizerTrainerOptions& options,
                 const TrainerProgress& progress) {
    BpeTrainerOptions bpe;
    bpe.vocabulary = options.vocabulary;
    bpe.min_count = options.min_count;
    bpe.first = options.special;
    if (options.model == "bpe") return bpe_model(train_bpe(words, bpe, progress));
    if (options.model == "wordpiece") {
        // WordPiece's own trainer was never published. As in tokenizers, wordpiece/trainer.rs: the
        // tokens of byte pair encoding from characters, of which those inside words start with ##.
        bpe.byte_level = false;
        bpe.prefix = "##";
        bpe.alphabet_limit = options.alphabet_limit;
        return {{"type", "WordPiece"},
                {"unk_token", "[UNK]"},
                {"continuing_subword_prefix", "##"},
                {"max_input_chars_per_word", 100},
                {"vocab", vocabulary_object(train_bpe(words, bpe, progress).tokens)}};
    }
    UnigramTrainerOptions unigram;
    unigram.pieces = options.vocabulary - static_cast<Index>(options.special.size());
    unigram.coverage = options.coverage;
    json vocabulary = json::array();
    for (const std::string& token : options.special) vocabulary.push_back({token, 0.0});
    for (const ScoredPiece& piece : train_unigram(words, unigram, progress)) {
        const bool is_special = std::find(options.special.begin(), options.special.end(),
                                          piece.text) != options.special.end();
        if (!is_special) vocabulary.push_back({piece.text, piece.score});
    }
    const auto unknown = std::find(options.special.begin(), options.special.end(), "<unk>") -
                         options.special.begin();
    return {{"type", "Unigram"},
            {"unk_id", unknown},
            {"vocab", std::move(vocabulary)},
            {"byte_fallback", false}};
}

/// The options with all special tokens: those required first.
TokenizerTrainerOptions completed(TokenizerTrainerOptions options) {
    std::vector<std::string> special = required_special(options.model);
    for (const std::string& token : options.special) {
        if (std::find(special.begin(), special.end(), token) == special.end())
            special.push_back(token);
    }
    if (special.empty()) special = {"<|endoftext|>"};
    options.special = std::move(special);
    return options;
}

void check(const TokenizerTrainerOptions& options) {
    const std::vector<std::string> known = trainable_models();
    if (std::find(known.begin(), known.end(), options.model) == known.end()) {
        std::string names;
        for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
        throw ArgumentError("model of the tokenizer", names, "\"" + options.model + "\"");
    }
    if (std::any_of(options.special.begin(), options.special.end(),
                    [](const std::string& token) { return token.empty(); })) {
        throw ArgumentError("special token", "a text", "an empty one");
    }
}

/// A step of the tokenizer, read as if from a file, so that words are cut as they will be later.
nlohmann::json as_read(const TokenizerTrainerOptions& options) {
    return nlohmann::json::parse(steps_around(options).dump());
}

/// tokenizer_config.json: the special tokens by what they are for.
json config_of(const TokenizerTrainerOptions& options) {
    json config = {{"tokenizer_class", "PreTrainedTokenizerFast"}};
    if (options.model == "bpe") {
        config["eos_token"] = options.special.front();
    } else if (options.model == "wordpiece") {
        config.update({{"pad_token", "[PAD]"},
                       {"unk_token", "[UNK]"},
                       {"cls_token", "[CLS]"},
                       {"sep_token", "[SEP]"},
                       {"mask_token", "[MASK]"}});
    } else {
        config.update({{"pad_token", "<pad>"}, {"eos_token", "</s>"}, {"unk_token", "<unk>"}});
    }
    return config;
}

Index count_tokens(const TokenModel& model, const std::vector<WordCount>& words) {
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
    return {"bpe", "wordpiece", "unigram"};
}

std::vector<std::string> required_special(const std::string& model) {
    if (model == "wordpiece") return {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
    if (model == "unigram") return {"<pad>", "</s>", "<unk>"};
    return {};
}

TokenizerTrainer::TokenizerTrainer(TokenizerTrainerOptions options)
    : options_(completed(std::move(options))) {
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
    root["model"] = train_model(words, options_, progress);
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
