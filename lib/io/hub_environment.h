// What the environment says about the Hugging Face hub, by the rules of its Python library, so that
// both share one cache. Source: huggingface_hub, constants.py.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace vitrine {

/// HF_HOME, or huggingface/ in XDG_CACHE_HOME or ~/.cache.
std::filesystem::path hugging_face_home();

/// HF_HUB_CACHE, or hub/ in hugging_face_home(): holds a folder models--OWNER--NAME a model.
std::filesystem::path hub_cache_folder();

/// HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE is 1, ON, YES or TRUE: nothing may be downloaded.
bool hub_offline();

/// Could be a model of the hub: NAME or OWNER/NAME, of letters, digits, '_', and not first '-',
/// '.'.
bool is_hub_model(std::string_view text);
/// Could be a branch, a tag or a commit.
bool is_hub_revision(std::string_view text);

}  // namespace vitrine
