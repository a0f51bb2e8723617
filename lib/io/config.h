// config.json of a model: values by the names that old and new versions of transformers give them.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "tensor/tensor.h"

namespace vitrine {

/// A config.json. The reading functions take all names a value has gone by; the first that is there
/// counts. A name may be a path into nested objects and lists: "rope_parameters.rope_theta",
/// "eos_token_id.0". null is absent.
class ConfigFile {
   public:
    using Names = std::initializer_list<std::string>;

    /// @param path  a config.json or the folder it is in. @throws FileError
    static ConfigFile open(const std::filesystem::path& path);
    /// From a text; `where` names it in errors.
    static ConfigFile parse(std::string_view text, const std::string& where);

    // Without a fallback a missing value is a FileError that names the file and the key. A value of
    // another type or outside [low, high] is one always.
    Index integer(Names names, Index low, Index high, std::optional<Index> fallback = {}) const;
    double number(Names names, std::optional<double> fallback = {}) const;
    bool boolean(Names names, std::optional<bool> fallback = {}) const;
    std::string text(Names names, std::optional<std::string> fallback = {}) const;
    bool contains(Names names) const { return find(names).value != nullptr; }

    std::string model_type() const { return text({"model_type"}); }
    /// The number format the weights were saved in: "float16"; "float32" if it doesn't say.
    std::string dtype() const { return text({"dtype", "torch_dtype"}, "float32"); }
    const std::string& where() const { return where_; }

   private:
    struct Found {
        std::string name;
        const nlohmann::json* value = nullptr;
    };
    Found find(Names names) const;
    template <class T, class Test>
    std::optional<T> read(Names names, const std::string& expected, Test is_right,
                          bool may_miss) const;

    std::shared_ptr<const nlohmann::json> root_;
    std::string where_;
};

}  // namespace vitrine
