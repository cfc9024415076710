using System.Numerics;
using System.Runtime.Intrinsics.X86;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Data.Stats.Counting;

/// <summary>Says for each click of a stretch whether a question selects it, one bit a click.</summary>
internal sealed class SelectionMask(ScanPlan plan, int mostClicks)
{
    // One row more than there can be clicks: the profile that began before the stretch comes first.
    private readonly ulong[] _profiles = new ulong[(mostClicks / 64) + 1];

    /// <summary>Clears a click's bit in the mask unless it is selected.</summary>
    /// <param name="run">The run.</param>
    /// <param name="start">Row of the stretch's first click, a multiple of 64.</param>
    /// <param name="profileBefore">Row of the profile that the click before the stretch belongs to; -1 if there is none.</param>
    /// <param name="mask">One bit for each click of the stretch.</param>
    public void Keep(ClickRun run, int start, int profileBefore, Span<ulong> mask)
    {
        // From cheap to dear, because what has no bit left is not looked at again.
        if (plan.Profiles.Count > 0)
        {
            KeepProfiles(run, start, profileBefore, mask);
        }

        if (plan.Links is { } links && mask.ContainsAnyExcept(0UL))
        {
            run.Table.Links.Keep(links, start, mask);
        }

        if (mask.ContainsAnyExcept(0UL))
        {
            run.Table.Times.Keep(plan.Question.From, plan.Question.To, start, mask);
        }

        if (plan.Sources is { } sources && mask.ContainsAnyExcept(0UL))
        {
            run.Table.Sources.Keep(sources, start, mask);
        }
    }

    private void KeepProfiles(ClickRun run, int start, int profileBefore, Span<ulong> mask)
    {
        var starts = run.ProfileStarts.Words.Slice(start / 64, mask.Length);
        var rows = 1;
        foreach (var word in starts)
        {
            rows += BitOperations.PopCount(word);
        }

        var profiles = _profiles.AsSpan(0, (rows + 63) / 64);
        profiles.Fill(ulong.MaxValue);
        var firstProfile = Math.Max(0, profileBefore);
        foreach (var (column, set) in plan.Profiles)
        {
            run.Table.Profiles[column].Keep(set, firstProfile, profiles);
        }

        if (profiles.ContainsAnyExcept(0UL))
        {
            SpreadOverClicks(profiles, profileBefore >= 0, starts, mask);
        }
        else
        {
            mask.Clear();
        }
    }

    /// <summary>
    /// Turns a bit per profile into a bit per click. The clicks of selected profiles lie in stretches that each begin at a
    /// start and end before a later one; as numbers, such a stretch is 2^end - 2^begin, so all of a word's stretches are the
    /// sum of their ends less the sum of their begins. A stretch that reaches beyond the word ends at 2^64, which is 0.
    /// </summary>
    private static void SpreadOverClicks(ReadOnlySpan<ulong> profiles, bool hasProfileBefore, ReadOnlySpan<ulong> starts, Span<ulong> mask)
    {
        var open = hasProfileBefore ? profiles[0] & 1 : 0;
        var next = hasProfileBefore ? 1 : 0;
        for (var word = 0; word < mask.Length; word++)
        {
            var count = BitOperations.PopCount(starts[word]);
            var selected = profiles[next / 64] >> next;
            if (next % 64 != 0 && (next / 64) + 1 < profiles.Length)
            {
                selected |= profiles[(next / 64) + 1] << -next;
            }

            var begins = Deposit(selected, starts[word]) + open;
            var ends = Deposit((selected << 1) | open, starts[word]);
            mask[word] &= ends - begins;
            open = count == 0 ? open : (selected >> (count - 1)) & 1;
            next += count;
        }
    }

    /// <summary>Puts the lowest bits, in order, where the places have a bit.</summary>
    private static ulong Deposit(ulong bits, ulong places)
    {
        if (Bmi2.X64.IsSupported)
        {
            return Bmi2.X64.ParallelBitDeposit(bits, places);
        }

        var deposited = 0UL;
        for (; places != 0; places &= places - 1, bits >>= 1)
        {
            deposited |= (bits & 1) << BitOperations.TrailingZeroCount(places);
        }

        return deposited;
    }
}
