namespace RollingDeploy;

internal static class Differences
{
    /// <summary>The lines that were removed ("- ...") and added ("+ ..."), in the order of the file.</summary>
    public static List<string> Between(string[] before, string[] after)
    {
        // common[i, j]: how many lines the ends of both files share, from these lines on.
        var common = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        var changes = new List<string>();
        for (int i = 0, j = 0; i < before.Length || j < after.Length;)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
                (i, j) = (i + 1, j + 1);
            else if (j == after.Length || (i < before.Length && common[i + 1, j] >= common[i, j + 1]))
                changes.Add("- " + before[i++]);
            else
                changes.Add("+ " + after[j++]);
        }

        return changes;
    }
}
