#pragma once
#include <xtensor/xadapt.hpp>
