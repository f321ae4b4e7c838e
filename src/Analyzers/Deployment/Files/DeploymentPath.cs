namespace ShutdownAnalyzers.Deployment.Files;

/// <summary>Paths of files as text; nothing is looked up on the disk.</summary>
internal static class DeploymentPath
{
    /// <summary>A path from a folder, with <c>.</c> and <c>..</c> resolved and forward slashes.</summary>
    public static string Combine(string folder, string path)
    {
        path = path.Replace('\\', '/');
        var segments = new List<string>(path.StartsWith("/", StringComparison.Ordinal) || path.Contains(":/") ? [] : folder.Split('/'));
        foreach (var segment in path.Split('/'))
        {
            if (segment == ".." && segments.Count > 1)
                segments.RemoveAt(segments.Count - 1);
            else if (segment.Length > 0 && segment is not ("." or ".."))
                segments.Add(segment);
            else if (segment.Length == 0 && segments.Count == 0)
                segments.Add("");
        }

        return string.Join("/", segments);
    }
}
