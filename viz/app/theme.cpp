#include "viz/app/theme.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace vitrine::viz {

namespace {

struct Rgb {
    float r, g, b;
};

constexpr ImU32 rgb(unsigned hex) {
    return IM_COL32((hex >> 16U) & 255U, (hex >> 8U) & 255U, hex & 255U, 255);
}

Rgb unpack(ImU32 colour) {
    const ImVec4 v = ImGui::ColorConvertU32ToFloat4(colour);
    return {v.x, v.y, v.z};
}

float linear(float c) {
    return c <= 0.04045F ? c / 12.92F : std::pow((c + 0.055F) / 1.055F, 2.4F);
}
float encoded(float c) {
    return c <= 0.0031308F ? 12.92F * c : 1.055F * std::pow(c, 1.0F / 2.4F) - 0.055F;
}

/// Relative luminance by WCAG 2.1.
float luminance(ImU32 colour) {
    const Rgb c = unpack(colour);
    return 0.2126F * linear(c.r) + 0.7152F * linear(c.g) + 0.0722F * linear(c.b);
}

/// Oklab, in which equal steps look equal. Source: Ottosson 2020.
std::array<float, 3> to_oklab(ImU32 colour) {
    const Rgb s = unpack(colour);
    const float r = linear(s.r), g = linear(s.g), b = linear(s.b);
    const float l = std::cbrt(0.4122214708F * r + 0.5363325363F * g + 0.0514459929F * b);
    const float m = std::cbrt(0.2119034982F * r + 0.6806995451F * g + 0.1073969566F * b);
    const float n = std::cbrt(0.0883024619F * r + 0.2817188376F * g + 0.6299787005F * b);
    return {0.2104542553F * l + 0.7936177850F * m - 0.0040720468F * n,
            1.9779984951F * l - 2.4285922050F * m + 0.4505937099F * n,
            0.0259040371F * l + 0.7827717662F * m - 0.8086757660F * n};
}

ImU32 from_oklab(const std::array<float, 3>& lab) {
    const float l = std::pow(lab[0] + 0.3963377774F * lab[1] + 0.2158037573F * lab[2], 3.0F);
    const float m = std::pow(lab[0] - 0.1055613458F * lab[1] - 0.0638541728F * lab[2], 3.0F);
    const float n = std::pow(lab[0] - 0.0894841775F * lab[1] - 1.2914855480F * lab[2], 3.0F);
    const auto byte = [](float c) {
        return static_cast<int>(std::lround(255.0F * encoded(std::clamp(c, 0.0F, 1.0F))));
    };
    return IM_COL32(byte(4.0767416621F * l - 3.3077115913F * m + 0.2309699292F * n),
                    byte(-1.2684380046F * l + 2.6097574011F * m - 0.3413193965F * n),
                    byte(-0.0041960863F * l - 0.7034186147F * m + 1.7076147010F * n), 255);
}

ImU32 mix(ImU32 a, ImU32 b, float t) {
    const auto x = to_oklab(a);
    const auto y = to_oklab(b);
    return from_oklab(
        {x[0] + t * (y[0] - x[0]), x[1] + t * (y[1] - x[1]), x[2] + t * (y[2] - x[2])});
}

}  // namespace

ImU32 Theme::heat(float value) const {
    const float t = std::isfinite(value) ? std::clamp(value, 0.0F, 1.0F) : 0.0F;
    return heat_steps[static_cast<std::size_t>(std::lround(t * 255.0F))];
}

ImU32 Theme::diverging(float value) const {
    const float t = std::isfinite(value) ? std::clamp(value, -1.0F, 1.0F) : 0.0F;
    return diverging_steps[static_cast<std::size_t>(255 + std::lround(t * 255.0F))];
}

ImU32 Theme::text_on(ImU32 fill) const {
    const float l = luminance(fill);
    const ImU32 ink = rgb(0x000000);  // lighter ink would leave fills that nothing is readable on
    const float with_dark = (l + 0.05F) / (luminance(ink) + 0.05F);
    const float with_light = 1.05F / (l + 0.05F);
    return with_dark >= with_light ? ink : rgb(0xffffff);
}

ImU32 Theme::chip(int i) const {
    static constexpr std::array<unsigned, 5> light{0xdbe7fb, 0xe6e1f7, 0xd9efe6, 0xf7ead6,
                                                   0xf3dfe8};
    static constexpr std::array<unsigned, 5> night{0x263651, 0x352f52, 0x21423a, 0x463a25,
                                                   0x472d3c};
    const auto at = static_cast<std::size_t>(((i % 5) + 5) % 5);
    return rgb(dark ? night[at] : light[at]);
}

namespace {

/// Straight lines in Oklab: equal steps of a value are equal steps to the eye. The strongest colour
/// is further from the surface than the accent, so that all of the range of lightness is used.
void fill_scales(Theme& theme) {
    const ImU32 cold = theme.dark ? rgb(0xc3d8ff) : rgb(0x10347f);
    const ImU32 warm = theme.dark ? rgb(0xffc9a3) : rgb(0x8a3a08);
    for (std::size_t i = 0; i < 256; ++i) {
        const float part = static_cast<float>(i) / 255.0F;
        theme.heat_steps[i] = mix(theme.surface, cold, part);
        theme.diverging_steps[255 - i] = mix(theme.surface, warm, part);
        theme.diverging_steps[255 + i] = theme.heat_steps[i];
    }
}

}  // namespace

Theme make_theme(bool dark, float scale) {
    Theme theme;
    theme.dark = dark;
    theme.scale = scale;
    theme.unit = std::round(4.0F * scale);
    theme.radius = std::round(6.0F * scale);
    if (dark) {
        theme.background = rgb(0x14171c);
        theme.surface = rgb(0x1b1f26);
        theme.raised = rgb(0x272d37);
        theme.border = rgb(0x343b47);
        theme.text = rgb(0xe8ebf0);
        theme.muted = rgb(0x9aa4b3);
        theme.accent = rgb(0x5b9dff);
        theme.on_accent = rgb(0x0b1220);
        theme.good = rgb(0x56c28c);
        theme.bad = rgb(0xff7b72);
    } else {
        theme.background = rgb(0xf3f4f6);
        theme.surface = rgb(0xffffff);
        theme.raised = rgb(0xe9edf3);
        theme.border = rgb(0xd5dae2);
        theme.text = rgb(0x1a1f28);
        theme.muted = rgb(0x5b6573);
        theme.accent = rgb(0x1f66d1);
        theme.on_accent = rgb(0xffffff);
        theme.good = rgb(0x177a48);
        theme.bad = rgb(0xbf2f26);
    }
    fill_scales(theme);
    return theme;
}

void apply_theme(const Theme& theme) {
    ImGuiStyle& style = ImGui::GetStyle();
    style = ImGuiStyle();
    const float u = theme.unit;
    style.WindowPadding = {3 * u, 3 * u};
    style.FramePadding = {2.5F * u, 1.5F * u};
    style.ItemSpacing = {2 * u, 2 * u};
    style.ItemInnerSpacing = {2 * u, u};
    style.ScrollbarSize = 2.5F * u;
    style.GrabMinSize = 3 * u;
    style.FrameRounding = style.ChildRounding = style.PopupRounding = theme.radius;
    style.WindowRounding = 0;
    style.ScrollbarRounding = style.GrabRounding = theme.radius;
    style.WindowBorderSize = 0;
    style.ChildBorderSize = 0;
    style.PopupBorderSize = 1;
    const auto set = [&](ImGuiCol which, ImU32 colour) {
        style.Colors[which] = ImGui::ColorConvertU32ToFloat4(colour);
    };
    const ImU32 accent_soft = mix(theme.surface, theme.accent, 0.25F);
    for (int i = 0; i < ImGuiCol_COUNT; ++i) set(i, theme.raised);
    set(ImGuiCol_Text, theme.text);
    set(ImGuiCol_TextDisabled, theme.muted);
    set(ImGuiCol_WindowBg, theme.background);
    set(ImGuiCol_ChildBg, IM_COL32(0, 0, 0, 0));
    set(ImGuiCol_PopupBg, theme.surface);
    set(ImGuiCol_Border, theme.border);
    set(ImGuiCol_BorderShadow, IM_COL32(0, 0, 0, 0));
    set(ImGuiCol_FrameBg, theme.raised);
    set(ImGuiCol_FrameBgHovered, mix(theme.raised, theme.accent, 0.12F));
    set(ImGuiCol_FrameBgActive, mix(theme.raised, theme.accent, 0.2F));
    set(ImGuiCol_ScrollbarBg, IM_COL32(0, 0, 0, 0));
    set(ImGuiCol_ScrollbarGrab, theme.border);
    set(ImGuiCol_ScrollbarGrabHovered, theme.muted);
    set(ImGuiCol_ScrollbarGrabActive, theme.accent);
    set(ImGuiCol_CheckMark, theme.accent);
    set(ImGuiCol_SliderGrab, theme.accent);
    set(ImGuiCol_SliderGrabActive, theme.accent);
    set(ImGuiCol_ButtonHovered, mix(theme.raised, theme.accent, 0.18F));
    set(ImGuiCol_ButtonActive, accent_soft);
    set(ImGuiCol_Header, accent_soft);
    set(ImGuiCol_HeaderHovered, mix(theme.raised, theme.accent, 0.18F));
    set(ImGuiCol_HeaderActive, accent_soft);
    set(ImGuiCol_Separator, theme.border);
    set(ImGuiCol_SeparatorHovered, theme.accent);
    set(ImGuiCol_SeparatorActive, theme.accent);
    set(ImGuiCol_TextSelectedBg, accent_soft);
    set(ImGuiCol_NavHighlight, theme.accent);
    set(ImGuiCol_TableBorderLight, theme.border);
    set(ImGuiCol_TableBorderStrong, theme.border);
    set(ImGuiCol_TableRowBg, IM_COL32(0, 0, 0, 0));
    set(ImGuiCol_TableRowBgAlt, IM_COL32(0, 0, 0, 0));
    style.Colors[ImGuiCol_ModalWindowDimBg] = {0, 0, 0, 0.4F};
}

}  // namespace vitrine::viz
