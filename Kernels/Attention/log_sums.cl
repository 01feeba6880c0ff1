// The log-sum-exp of each query's scores as a result of attention, of shape [T, H] with the strides l_t and l_h.
//
//   l = m + log Σ_j e^(s_j − m), m = max_j s_j; −∞ where no key is seen
//
// Parameters l_offset l_t l_h, if LOG_SUM_EXP
// Defines    LOG_SUM_EXP: 1, a kernel has the parameter log_sums and writes them; 0, neither
#ifndef LOG_SUM_EXP
#error "LOG_SUM_EXP must be defined"
#endif

#if LOG_SUM_EXP
#define LOG_SUMS_PARAMETER __global float *log_sums,
#define LOG_SUMS log_sums,
#define STORE_LOG_SUM(greatest, total, token, head) \
  log_sums[P_l_offset + (token)*P_l_t + (head)*P_l_h] = (total) == 0.0f ? -INFINITY : (greatest) + log(total)
#else
#define LOG_SUMS_PARAMETER
#define LOG_SUMS
#define STORE_LOG_SUM(greatest, total, token, head) (void)0
#endif
