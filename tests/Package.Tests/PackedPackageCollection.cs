namespace ShutdownAnalyzers.Package.Tests;

/// <summary>The tests of the package share one, packed once; two at a time would write the same output.</summary>
[CollectionDefinition(Name)]
public sealed class PackedPackageCollection : ICollectionFixture<PackedPackage>
{
    public const string Name = "The packed package";
}
